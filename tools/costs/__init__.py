"""What the stack costs: prices of AWS, what the template makes, and how much of it a call uses."""

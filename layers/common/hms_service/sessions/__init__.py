"""What the service keeps of sessions."""

"""HTTP in and out of a function."""

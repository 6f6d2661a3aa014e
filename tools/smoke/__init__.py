"""Read-only calls of a deployed API, and whether their answers are as they should be."""

"""What callers may send, by section: pydantic models of the bodies and queries of 100ms's operations."""

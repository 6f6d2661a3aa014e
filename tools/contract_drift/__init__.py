"""Compares what 100ms sends with what its documentation says: names and types, never values."""

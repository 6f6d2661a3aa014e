"""Checks a deployed API with read-only calls."""

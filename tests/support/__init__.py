"""Shared by the tests: real servers on loopback, and builders of events."""

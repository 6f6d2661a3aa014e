"""What the tests share: real counterparts on loopback, builders of events."""

"""Sessions: start with a room's first peer, and end when the last one leaves."""

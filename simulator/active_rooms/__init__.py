"""Active rooms: who is in a room now, and what can be done to them."""

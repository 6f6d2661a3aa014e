"""Active rooms: list, update, message and remove the peers of a running session, and end it."""

"""Rooms: create or overwrite by name, update, enable and disable."""

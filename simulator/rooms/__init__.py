"""Rooms: upsert by name, changes, enabling and disabling."""

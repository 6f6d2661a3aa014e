"""Recordings: browser-composite recording jobs of rooms."""

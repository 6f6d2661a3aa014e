"""Recordings: jobs that record rooms with a browser."""

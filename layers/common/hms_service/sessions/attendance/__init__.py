"""Attendance: who was in which session from when to when, kept from the events that 100ms sends as webhooks."""

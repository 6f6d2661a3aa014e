"""Attendance of sessions, from webhooks of 100ms."""

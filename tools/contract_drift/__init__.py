"""Compares responses and webhooks of 100ms with its documentation. Reports names and types, never values."""

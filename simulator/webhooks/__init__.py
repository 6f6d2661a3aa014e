"""Webhooks: the events that are sent out, the history of that, and sending them again."""

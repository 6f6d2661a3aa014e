"""Webhooks: send events, keep the history of their deliveries, and replay them."""

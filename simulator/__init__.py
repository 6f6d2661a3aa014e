"""Simulate 100ms on this machine: the Server v2 REST API under /v2, and a control API under /_simulator."""

DEFAULT_PORT = 3100
DEFAULT_ACCESS_KEY = "local-access-key"
DEFAULT_SECRET = "local-secret-for-this-machine-only"  # noqa: S105 - accepted by the simulator only

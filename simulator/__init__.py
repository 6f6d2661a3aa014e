"""A stateful 100ms on this machine: the Server v2 REST API, with a control API of its own under /_simulator."""

DEFAULT_PORT = 3100
DEFAULT_ACCESS_KEY = "local-access-key"
DEFAULT_SECRET = "local-secret-for-this-machine-only"  # noqa: S105 - opens nothing but the simulator

"""Registry of all operations of the REST API."""

from functools import cache
from importlib import import_module

from hms.operation import Operation

RESOURCES = (
    "active_rooms",
    "analytics",
    "auth",
    "external_streams",
    "live_streams",
    "polls",
    "recording_assets",
    "recordings",
    "room_codes",
    "rooms",
    "sessions",
    "sip",
    "stream_keys",
    "templates",
)


@cache
def load_operations() -> dict[str, Operation]:
    """Return all operations by name, such as `rooms.create`."""
    modules = [import_module(f"hms.resources.{resource}") for resource in RESOURCES]
    declared = [value for module in modules for value in vars(module).values() if isinstance(value, Operation)]
    return {operation.name: operation for operation in declared}

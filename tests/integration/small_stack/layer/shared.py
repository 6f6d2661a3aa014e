"""A module in a layer. A function can import it only if layers are on its path."""

import os
from typing import Any

Event = dict[str, Any]


def process_id() -> int:
    """Return the worker's process ID."""
    return os.getpid()

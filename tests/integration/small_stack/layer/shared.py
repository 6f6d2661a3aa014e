"""Stands in a layer, so that a function finds it only if layers are on its path."""

import os
from typing import Any

Event = dict[str, Any]


def process_id() -> int:
    """The worker's."""
    return os.getpid()

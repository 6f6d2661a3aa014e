"""Generate IDs in the form of 100ms: 24 hex digits for resources; UUIDs for peers, tokens and unnamed rooms."""

import itertools
import secrets
import uuid

from simulator.clock import Clock


class Ids:
    """Generates the IDs of one workspace in ascending order."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._origin = secrets.token_hex(5)
        self._count = itertools.count(secrets.randbelow(1 << 16))
        self._latest = 0

    def new(self) -> str:
        """Return a new resource ID. Like a MongoDB ObjectId, it consists of seconds, an origin and a counter."""
        self._latest = max(self._latest, int(self._clock.now().timestamp()))
        return f"{self._latest:08x}{self._origin}{next(self._count) & 0xFFFFFF:06x}"


def new_uuid() -> str:
    """Return a random UUID."""
    return str(uuid.uuid4())

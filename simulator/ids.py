"""Ids that look like the real ones: 24 hex digits for resources, UUIDs for peers, tokens and unnamed rooms."""

import itertools
import secrets
import uuid

from simulator.clock import Clock


class Ids:
    """Makes the ids of one workspace; each is greater than the ones before it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._origin = secrets.token_hex(5)
        self._count = itertools.count(secrets.randbelow(1 << 16))
        self._latest = 0

    def new(self) -> str:
        """A resource's id: seconds, origin and counter, as in a MongoDB ObjectId."""
        self._latest = max(self._latest, int(self._clock.now().timestamp()))
        return f"{self._latest:08x}{self._origin}{next(self._count) & 0xFFFFFF:06x}"


def new_uuid() -> str:
    """A random UUID."""
    return str(uuid.uuid4())

"""Shifts the wall clock of this process."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import time_machine


class Clock:
    """The time of the process. The monotonic clock, which measures deadlines, does not change."""

    def __init__(self, traveller: time_machine.Traveller) -> None:
        self._traveller = traveller

    def shift(self, seconds: float) -> None:
        """Move the clock forward."""
        self._traveller.shift(seconds)


@contextmanager
def shifted_clock() -> Iterator[Clock]:
    """Let a test shift the time while the context is open. Between shifts, the time stands still."""
    with time_machine.travel(datetime.now(UTC), tick=False) as traveller:
        yield Clock(traveller)

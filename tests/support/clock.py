"""Shifts the time of this process: the wall clock, and the clock that measures the age of cached values."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
import time_machine

AGEING_MODULES = ("hms.cache", "hms.requester")
"""Modules that use `monotonic` for the age of a value. time-machine does not shift it, because deadlines need it."""


class Clock:
    """The time of the process. The monotonic clock of cached values moves only when it is shifted."""

    def __init__(self, traveller: time_machine.Traveller) -> None:
        self._traveller = traveller
        self._monotonic = time.monotonic()

    def shift(self, seconds: float) -> None:
        """Move both clocks forward."""
        self._traveller.shift(seconds)
        self._monotonic += seconds

    def monotonic(self) -> float:
        return self._monotonic


@contextmanager
def shifted_clock() -> Iterator[Clock]:
    """Let a test shift the time while the context is open."""
    with time_machine.travel(datetime.now(UTC)) as traveller, pytest.MonkeyPatch.context() as patch:
        clock = Clock(traveller)
        for module in AGEING_MODULES:
            patch.setattr(f"{module}.monotonic", clock.monotonic)
        yield clock

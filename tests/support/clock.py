"""Time that passes at a word, in all that this process runs: functions, their caches and tokens, and a simulator."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, tzinfo
from typing import Any

import jwt.api_jwt
import pytest

import hms.cache


class Clock:
    """How far time is ahead, in seconds."""

    ahead = 0.0

    def advance(self, seconds: float) -> None:
        """Let so many seconds have passed."""
        self.ahead += seconds


@contextmanager
def advancing_clock() -> Iterator[Clock]:
    """Time as this process has it while the context lasts."""
    clock = Clock()

    class Ahead(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:
            return datetime.now(tz) + timedelta(seconds=clock.ahead)

    def ahead(real: Callable[[], float]) -> Callable[[], float]:
        return lambda: real() + clock.ahead

    monotonic = ahead(time.monotonic)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "time", ahead(time.time))
        patch.setattr(time, "monotonic", monotonic)
        patch.setattr(hms.cache, "monotonic", monotonic)
        patch.setattr(jwt.api_jwt, "datetime", Ahead)
        yield clock

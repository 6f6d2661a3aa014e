"""The instant by which an invocation must have its answer; everything that waits asks how long it may."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

MARGIN_SECONDS = 0.5
DEFAULT_SECONDS = 25.0

_ends: ContextVar[float | None] = ContextVar("ends", default=None)


def start(milliseconds: int) -> None:
    """Begin an invocation that Lambda ends in so many milliseconds; a margin is kept for the answer itself."""
    _ends.set(time.monotonic() + milliseconds / 1000 - MARGIN_SECONDS)


@contextmanager
def reserved(seconds: float) -> Iterator[None]:
    """Let what runs meanwhile end so many seconds earlier, for what must still be done after it."""
    ends = _ends.get()
    restored = _ends.set(None if ends is None else ends - seconds)
    try:
        yield
    finally:
        _ends.reset(restored)


def remaining() -> float:
    """Seconds left, 25 outside an invocation, below zero when it is too late."""
    ends = _ends.get()
    return DEFAULT_SECONDS if ends is None else ends - time.monotonic()

"""The instant by which an invocation must have its answer; everything that waits asks how long it may."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

MARGIN_SECONDS = 0.5
DEFAULT_SECONDS = 25.0

_deadline: ContextVar[float | None] = ContextVar("ends", default=None)


def start(milliseconds: int) -> None:
    """Begin an invocation that Lambda ends in so many milliseconds; a margin is kept for the answer itself."""
    _deadline.set(time.monotonic() + milliseconds / 1000 - MARGIN_SECONDS)


@contextmanager
def reserve(seconds: float) -> Iterator[None]:
    """Let what runs meanwhile end so many seconds earlier, for what must still be done after it."""
    deadline = _deadline.get()
    token = _deadline.set(None if deadline is None else deadline - seconds)
    try:
        yield
    finally:
        _deadline.reset(token)


def remaining_seconds() -> float:
    """Seconds left, 25 outside an invocation, below zero when it is too late."""
    deadline = _deadline.get()
    return DEFAULT_SECONDS if deadline is None else deadline - time.monotonic()

"""Deadline of an invocation. Code that waits reads the remaining time here."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

MARGIN_SECONDS = 0.5
DEFAULT_SECONDS = 25.0

_deadline: ContextVar[float | None] = ContextVar("ends", default=None)


def start(milliseconds: int) -> None:
    """Start the deadline of an invocation.

    Args:
        milliseconds: time until Lambda stops the function. The deadline is half a second earlier.
    """
    _deadline.set(time.monotonic() + milliseconds / 1000 - MARGIN_SECONDS)


@contextmanager
def reserve(seconds: float) -> Iterator[None]:
    """Move the deadline earlier inside a `with` block, so that time is left for the work after it."""
    deadline = _deadline.get()
    token = _deadline.set(None if deadline is None else deadline - seconds)
    try:
        yield
    finally:
        _deadline.reset(token)


def remaining_seconds() -> float:
    """Return the seconds until the deadline, negative after it, or 25 outside an invocation."""
    deadline = _deadline.get()
    return DEFAULT_SECONDS if deadline is None else deadline - time.monotonic()

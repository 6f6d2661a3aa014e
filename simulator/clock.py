"""Simulate time: real time plus the seconds that the control API added, and a schedule of actions."""

import heapq
import itertools
import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

logger = logging.getLogger(__name__)

ZERO_TIME = "0001-01-01T00:00:00Z"
"""Go's zero time: an instant that is not set."""

_DIGITS_MULTIPLIER = 611_953  # [timestamps.digits] any digits will do


FormatTime = Callable[[datetime], str]
"""Formats an instant as 100ms shows it."""


class Clock:
    """Returns the simulated time and runs scheduled actions in order, as time passes or is advanced."""

    def __init__(self, lock: threading.RLock) -> None:
        self._changed = threading.Condition(lock)
        self._order = itertools.count()
        self._running = False
        self._resets = 0
        self.reset()

    def reset(self) -> None:
        """Return to real time and drop all scheduled actions."""
        with self._changed:
            self._resets += 1
            self._offset = timedelta()
            self._frozen_now: datetime | None = None
            self._scheduled: list[tuple[datetime, int, Callable[[], None]]] = []
            self._changed.notify_all()

    def now(self) -> datetime:
        """Return the time in UTC, in whole milliseconds. During a scheduled action, it is the time of the schedule."""
        if self._frozen_now is not None:
            return self._frozen_now
        now = datetime.now(UTC) + self._offset
        return _in_milliseconds(now)

    def call_at(self, instant: datetime, action: Callable[[], None]) -> None:
        """Run `action` under the store's lock as soon as time reaches `instant`."""
        with self._changed:
            heapq.heappush(self._scheduled, (instant, next(self._order), action))
            self._changed.notify_all()

    def call_later(self, seconds: float, action: Callable[[], None]) -> None:
        """Run `action` under the store's lock, `seconds` from now."""
        self.call_at(self.now() + timedelta(seconds=seconds), action)

    def advance(self, seconds: float) -> datetime:
        """Advance by `seconds` at once and run the actions scheduled in between. Returns the new time."""
        with self._changed:
            delta = timedelta(seconds=seconds)
            self._run_until(self.now() + delta)
            self._offset += delta
            self._changed.notify_all()
            return self.now()

    def wait(self, seconds: float) -> None:
        """Wait under the store's lock, which is free meanwhile, until `seconds` have passed or the clock is reset."""
        with self._changed:
            until, resets = self.now() + timedelta(seconds=seconds), self._resets
            while self._resets == resets and (left := (until - self.now()).total_seconds()) > 0:
                self._changed.wait(left)

    def start(self) -> None:
        """Start the thread that runs scheduled actions as real time passes."""
        self._running = True
        self._thread = threading.Thread(target=self._run_loop, name="simulator-clock", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop the thread. Scheduled actions then run only when time is advanced."""
        with self._changed:
            self._running = False
            self._changed.notify_all()
        self._thread.join()

    def _run_loop(self) -> None:
        with self._changed:
            while self._running:
                self._run_until(self.now())
                wait = (self._scheduled[0][0] - self.now()).total_seconds() if self._scheduled else None
                self._changed.wait(wait)

    def _run_until(self, instant: datetime) -> None:
        while self._scheduled and self._scheduled[0][0] <= instant:
            self._frozen_now, _, action = heapq.heappop(self._scheduled)
            try:
                action()
            except Exception:
                logger.exception("scheduled action failed")
            finally:
                self._frozen_now = None


def format_timestamp(instant: datetime) -> str:
    """Format an instant as 100ms stores it: in milliseconds, without trailing zeros, as Go's `time.RFC3339Nano`."""
    return _format(instant, instant.microsecond // 1000 * 1_000_000)


def format_nanoseconds(instant: datetime) -> str:
    """Format an instant before 100ms stores it: in nanoseconds, without trailing zeros.

    The clock has whole milliseconds, so the digits below are derived from the instant. Equal instants get equal digits.
    """
    milliseconds = int(instant.timestamp() * 1000)
    below = milliseconds * _DIGITS_MULTIPLIER % 1_000_000
    return _format(instant, instant.microsecond // 1000 * 1_000_000 + below)


def format_seconds(instant: datetime) -> str:
    """Format an instant in whole seconds, as in the envelopes of webhooks."""
    return _format(instant, 0)


def _in_milliseconds(instant: datetime) -> datetime:
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def _format(instant: datetime, nanoseconds: int) -> str:
    fraction = f".{nanoseconds:09d}".rstrip("0").rstrip(".")
    return f"{instant.isoformat()[:19]}{fraction}Z"


def parse_timestamp(text: str) -> datetime:
    """Parse an ISO 8601 timestamp with any UTC offset, in whole milliseconds.

    Raises ValueError if it is malformed or has no offset.
    """
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("timestamp has no UTC offset")
    # [timestamps.filters] stored times have whole milliseconds, too.
    return _in_milliseconds(instant)

"""A cached value that is read again when it is old, and served for longer while reading it fails."""

from collections.abc import Callable
from time import monotonic
from typing import Generic, TypeVar

from hms.errors import HmsError

Value = TypeVar("Value")


class StaleOnErrorCache(Generic[Value]):
    """Keeps the last value of a read.

    The age of a value counts from the start of its read.

    Args:
        read: reads the value; raises an `HmsError` if it cannot.
        fresh_seconds: age up to which the value is returned without another read.
        stale_seconds: age up to which the value is returned if a read fails.
        retry_seconds: time after a failed read for which there is no other.
        not_a_failure: errors that say nothing of the source; they are raised and not remembered.
    """

    def __init__(
        self,
        read: Callable[[], Value],
        *,
        fresh_seconds: float,
        stale_seconds: float,
        retry_seconds: float,
        not_a_failure: tuple[type[HmsError], ...] = (),
    ) -> None:
        self._read = read
        self._fresh_seconds = fresh_seconds
        self._stale_seconds = stale_seconds
        self._retry_seconds = retry_seconds
        self._not_a_failure = not_a_failure
        self._value: Value | None = None
        self._read_at = float("-inf")
        self._failed_at = float("-inf")
        self._failure: HmsError | None = None

    def get(self, max_age: float | None = None) -> Value:
        """Return the value.

        Args:
            max_age: age in seconds up to which the kept value is good enough; default: `fresh_seconds`.

        Raises:
            HmsError: The read failed, or failed less than `retry_seconds` ago, and there is no value to serve.
        """
        now = monotonic()
        age = now - self._read_at
        if self._value is not None and age < (self._fresh_seconds if max_age is None else max_age):
            return self._value
        try:
            self._value = self._read_or_refuse()
        except HmsError:
            if self._value is not None and age < self._stale_seconds:
                return self._value
            raise
        self._read_at = now
        return self._value

    @property
    def failure(self) -> HmsError | None:
        """The failure of the last read, without the frames in which it was raised; None if it succeeded."""
        return self._failure and self._failure.with_traceback(None)

    def _read_or_refuse(self) -> Value:
        """Read, unless a read failed a moment ago: a flood of calls must not become one of the source's."""
        if self.failure and monotonic() - self._failed_at < self._retry_seconds:
            raise self.failure
        try:
            value = self._read()
        except self._not_a_failure:
            raise
        except HmsError as failure:
            self._failed_at, self._failure = monotonic(), failure
            raise
        self._failure = None
        return value

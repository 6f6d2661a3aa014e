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
        uncached_errors: errors that say nothing of the source; they are raised and not remembered.
    """

    def __init__(
        self,
        read: Callable[[], Value],
        *,
        fresh_seconds: float,
        stale_seconds: float,
        retry_seconds: float,
        uncached_errors: tuple[type[HmsError], ...] = (),
    ) -> None:
        self._read = read
        self._fresh_seconds = fresh_seconds
        self._stale_seconds = stale_seconds
        self._retry_seconds = retry_seconds
        self._uncached_errors = uncached_errors
        self._value: Value | None = None
        self._read_at = float("-inf")
        self._failed_at = float("-inf")
        self._last_error: HmsError | None = None

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
            self._value = self._refresh()
        except HmsError:
            if self._value is not None and age < self._stale_seconds:
                return self._value
            raise
        self._read_at = now
        return self._value

    @property
    def last_error(self) -> HmsError | None:
        """The failure of the last read, without the frames in which it was raised; None if it succeeded."""
        return self._last_error and self._last_error.with_traceback(None)

    def _refresh(self) -> Value:
        """Read, unless a read failed a moment ago: a flood of calls must not become one of the source's."""
        if self.last_error and monotonic() - self._failed_at < self._retry_seconds:
            raise self.last_error
        try:
            value = self._read()
        except self._uncached_errors:
            raise
        except HmsError as error:
            self._failed_at, self._last_error = monotonic(), error
            raise
        self._last_error = None
        return value

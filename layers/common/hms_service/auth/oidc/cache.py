"""Cache one value. It is read again when it is old, and served longer while reads fail."""

from collections.abc import Callable
from time import time
from typing import Generic, TypeVar

from hms.errors import HmsError

Value = TypeVar("Value")


class StaleOnErrorCache(Generic[Value]):
    """Caches the last value of a read.

    The age of a value counts from the start of its read. It is measured by the wall clock, because other clocks stop
    while Lambda freezes the container.

    Args:
        read: reads the value, or raises an `HmsError`.
        fresh_seconds: maximum age of a value that is returned without another read.
        stale_seconds: maximum age of a value that is returned if a read fails.
        retry_seconds: minimum time between a failed read and the next one.
    """

    def __init__(
        self,
        read: Callable[[], Value],
        *,
        fresh_seconds: float,
        stale_seconds: float,
        retry_seconds: float,
    ) -> None:
        self._read = read
        self._fresh_seconds = fresh_seconds
        self._stale_seconds = stale_seconds
        self._retry_seconds = retry_seconds
        self._value: Value | None = None
        self._read_at = float("-inf")
        self._failed_at = float("-inf")
        self._last_error: HmsError | None = None

    def get(self, max_age: float | None = None) -> Value:
        """Return the value.

        Args:
            max_age: maximum age of the cached value, in seconds; default: `fresh_seconds`.

        Raises:
            HmsError: The read failed, now or less than `retry_seconds` ago, and no cached value is left to serve.
        """
        now = time()
        age = now - self._read_at
        if self._value is not None and 0 <= age < (self._fresh_seconds if max_age is None else max_age):
            return self._value
        try:
            self._value = self._refresh()
        except HmsError:
            if self._value is not None and 0 <= age < self._stale_seconds:
                return self._value
            raise
        self._read_at = now
        return self._value

    @property
    def last_error(self) -> HmsError | None:
        """Error of the last read, without its traceback. None if the read succeeded."""
        return self._last_error and self._last_error.with_traceback(None)

    def _refresh(self) -> Value:
        """Read the value. Raises the last error if a read failed less than `retry_seconds` ago, to spare the source."""
        if self.last_error and 0 <= time() - self._failed_at < self._retry_seconds:
            raise self.last_error
        try:
            value = self._read()
        except HmsError as error:
            self._failed_at, self._last_error = time(), error
            raise
        self._last_error = None
        return value

"""Retry policy: number of attempts and pauses between them, within the deadline."""

import time
from random import SystemRandom
from typing import NamedTuple

from hms.http import deadline

_random = SystemRandom()
"""Reads randomness from the system. Functions that are restored from one snapshot share any other generator's state."""


class RetryPolicy(NamedTuple):
    """Exponential backoff with full jitter: a random pause, whose maximum doubles with each attempt.

    Attributes:
        max_attempts: maximum number of attempts, including the first.
        base_seconds: maximum pause after the first attempt, in seconds.
        attempt_seconds: time that must be left for another attempt, in seconds.
    """

    max_attempts: int
    base_seconds: float
    attempt_seconds: float = 0.0

    def random_delay(self, attempts: int) -> float:
        """Return a random pause, in seconds, after this number of attempts."""
        return _random.uniform(0, self.base_seconds * 2 ** (attempts - 1))

    def wait(self, attempts: int, at_least: float = 0.0) -> bool:
        """Sleep before the next attempt.

        Args:
            attempts: number of attempts so far, at least 1.
            at_least: minimum pause in seconds, such as the value of `Retry-After`.

        Returns:
            True after the pause. False immediately if no attempt or no time is left.
        """
        if attempts >= self.max_attempts:
            return False
        delay = max(self.random_delay(attempts), at_least)
        if delay + self.attempt_seconds >= deadline.remaining_seconds():
            return False
        time.sleep(delay)
        return True

"""The retry policy: how often and how soon something is tried again, while the deadline allows."""

import time
from random import SystemRandom
from typing import NamedTuple

from hms.http import deadline

_random = SystemRandom()
"""The system's randomness: functions restored from one snapshot share the state of any other generator."""


class RetryPolicy(NamedTuple):
    """Full jitter: a random pause of up to `base_seconds`, which doubles with each attempt.

    Attributes:
        max_attempts: attempts in all.
        base_seconds: longest pause after the first attempt, in seconds.
        attempt_seconds: time that a further attempt needs, in seconds. Without it there is no further attempt.
    """

    max_attempts: int
    base_seconds: float
    attempt_seconds: float = 0.0

    def random_delay(self, attempts: int) -> float:
        """Return a random pause in seconds after this number of attempts, at least 1."""
        return _random.uniform(0, self.base_seconds * 2 ** (attempts - 1))

    def wait(self, attempts: int, at_least: float = 0.0) -> bool:
        """Sleep before the next attempt.

        Args:
            attempts: number of attempts made, at least 1.
            at_least: shortest pause in seconds, such as that of `Retry-After`.

        Returns:
            False, at once, if there is no attempt or no time left.
        """
        if attempts >= self.max_attempts:
            return False
        delay = max(self.random_delay(attempts), at_least)
        if delay + self.attempt_seconds >= deadline.remaining_seconds():
            return False
        time.sleep(delay)
        return True

"""The pause before another try: random, so that those who failed together do not come back together."""

from random import SystemRandom

_random = SystemRandom()
"""The system's randomness: functions that are restored from one snapshot share the state of any other."""


def full_jitter(first: float, tried: int) -> float:
    """Seconds to wait: anything up to `first`, which doubles with each try.

    Args:
        first: the longest pause after one try, in seconds.
        tried: how many tries there were, at least 1.
    """
    return _random.uniform(0, first * 2 ** (tried - 1))

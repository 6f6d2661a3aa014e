"""The cache returns a stored value while reading a new one fails."""

import traceback

import pytest

from hms.errors import CredentialsUnavailableError, HmsError
from hms_service.auth.oidc.cache import StaleOnErrorCache
from tests.support.clock import Clock


class Source:
    """Counts its reads, and raises its error if it has one."""

    def __init__(self) -> None:
        self.reads = 0
        self.error: HmsError | None = None

    def read(self) -> int:
        self.reads += 1
        if self.error:
            raise self.error
        return self.reads


def make(source: Source) -> StaleOnErrorCache[int]:
    return StaleOnErrorCache(source.read, fresh_seconds=60, stale_seconds=600, retry_seconds=5)


def test_a_failure_that_is_raised_again_keeps_no_earlier_frames(clock: Clock) -> None:
    source = Source()
    cache = make(source)
    cache.get()
    source.error = CredentialsUnavailableError(reason="down")
    clock.shift(60)
    lengths = set()
    for _ in range(3):
        assert cache.get() == 1
        with pytest.raises(HmsError) as raised:
            raise cache.last_error or AssertionError
        lengths.add(len(traceback.extract_tb(raised.value.__traceback__)))
    assert lengths == {1}
    assert source.reads == 2

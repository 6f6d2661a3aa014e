"""Credentials: read from SSM once, cached, and read again when they may have been rotated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hms.cache import StaleOnErrorCache
from hms.errors import CredentialsDeadlineExceededError
from hms.http.transport import Transport
from hms.settings import Settings

FRESH_SECONDS = 5 * 60
STALE_SECONDS = 15 * 60
RETRY_SECONDS = 5


@dataclass(frozen=True, slots=True)
class KeyPair:
    """The access key and the secret of a 100ms app; the secret shows in no repr."""

    access_key: str
    secret: str

    def __repr__(self) -> str:
        return f"KeyPair(access_key={self.access_key!r})"


def make_parameter_cache(transport: Transport, names: Sequence[str]) -> StaleOnErrorCache[Mapping[str, str]]:
    """Return a cache of SSM parameters that are read together.

    A read serves for five minutes, and for fifteen while SSM fails. SSM is not called in the five seconds after a
    failure, so that a flood of calls does not become one of SSM's.

    Args:
        transport: sends the calls.
        names: full names, at most 10.
    """

    def read() -> Mapping[str, str]:
        from hms.ssm import read_parameters

        return read_parameters(transport, names)

    return StaleOnErrorCache(
        read,
        fresh_seconds=FRESH_SECONDS,
        stale_seconds=STALE_SECONDS,
        retry_seconds=RETRY_SECONDS,
        uncached_errors=(CredentialsDeadlineExceededError,),
    )


class Credentials:
    """Where the app's key pair comes from: `<prefix>/access_key` and `<prefix>/secret`."""

    def __init__(self, settings: Settings, transport: Transport) -> None:
        self._access_key_name = f"{settings.parameter_prefix}/access_key"
        self._secret_name = f"{settings.parameter_prefix}/secret"
        self._parameters = make_parameter_cache(transport, [self._access_key_name, self._secret_name])

    def get_key_pair(self, max_age: float = FRESH_SECONDS) -> KeyPair:
        """The app's key pair; `max_age` and what is raised are those of `StaleOnErrorCache.get`.

        White space around either value is dropped: a secret read from a file ends with a line feed.
        """
        parameters = self._parameters.get(max_age)
        return KeyPair(parameters[self._access_key_name].strip(), parameters[self._secret_name].strip())

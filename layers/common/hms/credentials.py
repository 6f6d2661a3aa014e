"""Read credentials from SSM, cache them, and read them again after a rotation."""

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
    """Access key and secret of a 100ms app. The secret is not part of the repr."""

    access_key: str
    secret: str

    def __repr__(self) -> str:
        return f"KeyPair(access_key={self.access_key!r})"


def make_parameter_cache(transport: Transport, names: Sequence[str]) -> StaleOnErrorCache[Mapping[str, str]]:
    """Return a cache of SSM parameters that are read in one call.

    Values are fresh for five minutes. While SSM fails, they serve for fifteen minutes. After a failed read, SSM is not
    called for five seconds, so that many requests do not overload it.

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
    """Reads the app's key pair from the parameters `<prefix>/access_key` and `<prefix>/secret`."""

    def __init__(self, settings: Settings, transport: Transport) -> None:
        self._access_key_name = f"{settings.parameter_prefix}/access_key"
        self._secret_name = f"{settings.parameter_prefix}/secret"
        self._parameters = make_parameter_cache(transport, [self._access_key_name, self._secret_name])

    def get_key_pair(self, max_age: float = FRESH_SECONDS) -> KeyPair:
        """Return the app's key pair, without white space around the values.

        Args:
            max_age: maximum age of the cached values, in seconds.

        Raises:
            CredentialsUnavailableError: SSM did not return the parameters, and no cached values are left to serve.
        """
        parameters = self._parameters.get(max_age)
        return KeyPair(parameters[self._access_key_name].strip(), parameters[self._secret_name].strip())

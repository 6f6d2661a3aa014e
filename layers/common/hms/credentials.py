"""Credentials: read from SSM once, cached, and read again when they may have been rotated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import monotonic

from hms.errors import CredentialsUnavailable, NoTimeForCredentials
from hms.settings import Settings
from hms.ssm import read_parameters
from hms.transport import Transport

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


class CachedParameters:
    """SSM parameters that are read together.

    Args:
        transport: what sends the calls.
        names: full names, at most 10.
    """

    def __init__(self, transport: Transport, names: Sequence[str]) -> None:
        self._transport = transport
        self._names = names
        self._values: Mapping[str, str] | None = None
        self._read_at = 0.0
        self._failed_at = float("-inf")
        self._failure = ""

    def read(self, max_age: float = FRESH_SECONDS) -> Mapping[str, str]:
        """The values by name.

        Args:
            max_age: seconds for which an earlier read is good enough. When SSM fails, one of the last 15 min serves.

        Raises:
            CredentialsUnavailable: SSM lacks one of them, or could not be read and the last read is too old.
        """
        age = monotonic() - self._read_at
        if self._values is not None and age < max_age:
            return self._values
        try:
            self._values = self._ask()
        except CredentialsUnavailable:
            if self._values is not None and age < STALE_SECONDS:
                return self._values
            raise
        self._read_at = monotonic()
        return self._values

    def _ask(self) -> Mapping[str, str]:
        """What SSM answers; a failure stands for 5 s, so that a flood of calls is not one of SSM's too."""
        if monotonic() - self._failed_at < RETRY_SECONDS:
            raise CredentialsUnavailable(reason=self._failure)
        try:
            return read_parameters(self._transport, self._names)
        except NoTimeForCredentials:
            raise
        except CredentialsUnavailable as failure:
            self._failed_at, self._failure = monotonic(), failure.reason
            raise


class Credentials:
    """Where the app's key pair comes from: `<prefix>/access_key` and `<prefix>/secret`."""

    def __init__(self, settings: Settings, transport: Transport) -> None:
        self._access_key_name = f"{settings.parameter_prefix}/access_key"
        self._secret_name = f"{settings.parameter_prefix}/secret"
        self._parameters = CachedParameters(transport, [self._access_key_name, self._secret_name])

    def key_pair(self, max_age: float = FRESH_SECONDS) -> KeyPair:
        """The app's key pair; `max_age` and what is raised are those of `CachedParameters.read`.

        White space around either value is dropped: a secret read from a file ends with a line feed.
        """
        values = self._parameters.read(max_age)
        return KeyPair(values[self._access_key_name].strip(), values[self._secret_name].strip())

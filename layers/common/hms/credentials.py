"""The app's key pair, read from SSM once, cached, and read again when it may have been rotated."""

from dataclasses import dataclass
from time import monotonic

from hms.errors import CredentialsUnavailable
from hms.settings import Settings
from hms.ssm import read_parameters
from hms.transport import Transport

FRESH_SECONDS = 5 * 60
STALE_SECONDS = 15 * 60


@dataclass(frozen=True, slots=True)
class KeyPair:
    """The access key and the secret of a 100ms app; the secret shows in no repr."""

    access_key: str
    secret: str

    def __repr__(self) -> str:
        return f"KeyPair(access_key={self.access_key!r})"


class Credentials:
    """Where the app's key pair comes from: `<prefix>/access_key` and `<prefix>/secret`."""

    def __init__(self, settings: Settings, transport: Transport) -> None:
        self._transport = transport
        self._access_key_name = f"{settings.parameter_prefix}/access_key"
        self._secret_name = f"{settings.parameter_prefix}/secret"
        self._pair: KeyPair | None = None
        self._read_at = 0.0

    def key_pair(self, max_age: float = FRESH_SECONDS) -> KeyPair:
        """The app's key pair.

        Args:
            max_age: seconds for which an earlier read is good enough. When SSM fails, one of the last 15 min serves.

        Raises:
            CredentialsUnavailable: SSM has no such parameters, or could not be read and the last read is too old.
        """
        age = monotonic() - self._read_at
        if self._pair is not None and age < max_age:
            return self._pair
        try:
            values = read_parameters(self._transport, [self._access_key_name, self._secret_name])
        except CredentialsUnavailable:
            if self._pair is not None and age < STALE_SECONDS:
                return self._pair
            raise
        self._pair = KeyPair(values[self._access_key_name], values[self._secret_name])
        self._read_at = monotonic()
        return self._pair

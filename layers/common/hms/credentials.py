"""The app's key pair, read from SSM and read again after a rotation."""

import math
from dataclasses import dataclass

from hms.parameters import Parameters

NAMES = ("access_key", "secret")


@dataclass(frozen=True, slots=True)
class KeyPair:
    """Access key and secret of a 100ms app. The secret is not part of the repr."""

    access_key: str
    secret: str

    def __repr__(self) -> str:
        return f"KeyPair(access_key={self.access_key!r})"


class Credentials:
    """Reads the app's key pair from the parameters `<prefix>/access_key` and `<prefix>/secret`.

    Args:
        parameters: reads SSM.
    """

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters
        parameters.add(NAMES)

    def get_key_pair(self, max_age: float = math.inf) -> KeyPair:
        """Return the app's key pair.

        Args:
            max_age: maximum age of the values in seconds, see `Parameters.get_secure`.

        Raises:
            CredentialsUnavailableError: A parameter is missing. Or SSM cannot be read, and no known values are left.
        """
        return KeyPair(*self._parameters.require(NAMES, max_age))

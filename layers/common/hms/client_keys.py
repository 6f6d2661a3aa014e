"""The keys of callers other than the app itself: one SSM parameter each under `<prefix>/clients/`."""

import json
import logging
from dataclasses import dataclass
from time import monotonic

from hms.errors import CredentialsUnavailable, NoTimeForCredentials
from hms.scopes import Grant
from hms.settings import Settings
from hms.ssm import read_path
from hms.transport import Transport

FRESH_SECONDS = 60
RETRY_SECONDS = 5

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ClientKey:
    """A caller's secret and what it may do; the secret shows in no repr."""

    secret: str
    grant: Grant

    def __repr__(self) -> str:
        return f"ClientKey({self.grant!r})"


class ClientKeys:
    """All client keys, listed at most once a minute whoever asks, so that unknown keys cost SSM nothing.

    A key that is made or revoked is so within 60 s. When SSM fails, the listing serves no longer than that.
    """

    def __init__(self, settings: Settings, transport: Transport) -> None:
        self._transport = transport
        self._path = f"{settings.parameter_prefix}/clients"
        self._keys: dict[str, ClientKey] = {}
        self._listed_at = float("-inf")
        self._failed_at = float("-inf")

    def find(self, access_key: str) -> ClientKey | None:
        """The key that has this access key, or None.

        Raises:
            CredentialsUnavailable: SSM could not be read, and the last listing is over a minute old.
        """
        now = monotonic()
        if now - self._listed_at >= FRESH_SECONDS:
            if now - self._failed_at < RETRY_SECONDS:
                raise CredentialsUnavailable(reason="SSM failed a moment ago")
            try:
                parameters = read_path(self._transport, self._path)
            except NoTimeForCredentials:
                raise
            except CredentialsUnavailable:
                self._failed_at = monotonic()
                raise
            self._keys = {
                name.rpartition("/")[2]: key for name, value in parameters.items() if (key := _read(name, value))
            }
            self._listed_at = now
        return self._keys.get(access_key)


def _read(name: str, value: str) -> ClientKey | None:
    """The key in a parameter's value; one that makes no sense opens nothing, and is the operator's to mend."""
    try:
        record = json.loads(value)
        secret, lists = record["secret"], [record["scopes"], record.get("roles") or [], record.get("rooms") or []]
        if not (isinstance(secret, str) and secret.encode() and all(isinstance(each, list) for each in lists)):
            raise TypeError("a member is of another type")
        return ClientKey(secret, Grant.of(record["scopes"], record.get("roles"), record.get("rooms")))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        logger.error("client key %s is ignored: %s", name, type(error).__name__)
        return None

"""Client keys: key pairs with limited permissions, each an SSM parameter under `<prefix>/clients/`."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass

from hms.cache import StaleOnErrorCache
from hms.errors import CredentialsDeadlineExceededError
from hms.http.transport import Transport
from hms.settings import Settings
from hms.ssm import read_path
from hms_service.auth.scopes import Grant

FRESH_SECONDS = 60
RETRY_SECONDS = 5

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ClientKey:
    """Secret and permissions of a client key. The repr omits the secret."""

    secret: str
    grant: Grant

    def __repr__(self) -> str:
        return f"ClientKey({self.grant!r})"


class ClientKeys:
    """Cached client keys.

    The keys are listed at most once a minute, so unknown access keys cause no SSM calls. A new or revoked key takes
    effect within 60 seconds. If SSM fails, the cached keys still expire after 60 seconds.
    """

    def __init__(self, settings: Settings, transport: Transport) -> None:
        self._transport = transport
        self._path = f"{settings.parameter_prefix}/clients"
        self._keys = StaleOnErrorCache(
            self._list_keys,
            fresh_seconds=FRESH_SECONDS,
            stale_seconds=0,
            retry_seconds=RETRY_SECONDS,
            uncached_errors=(CredentialsDeadlineExceededError,),
        )

    def find(self, access_key: str) -> ClientKey | None:
        """Return the client key with this access key, or None.

        Raises:
            CredentialsUnavailableError: SSM cannot be read, and the cached keys are over a minute old.
        """
        return self._keys.get().get(access_key)

    def _list_keys(self) -> Mapping[str, ClientKey]:
        parameters = read_path(self._transport, self._path)
        return {name.rpartition("/")[2]: key for name, value in parameters.items() if (key := _parse_key(name, value))}


def _parse_key(name: str, value: str) -> ClientKey | None:
    """Parse a parameter into a client key. Malformed keys are ignored and logged."""
    try:
        record = json.loads(value)
        secret, lists = record["secret"], [record["scopes"], record.get("roles") or [], record.get("rooms") or []]
        if not (isinstance(secret, str) and secret.encode() and all(isinstance(items, list) for items in lists)):
            raise TypeError("secret, scopes, roles or rooms has the wrong type")
        return ClientKey(secret, Grant.from_scopes(record["scopes"], record.get("roles"), record.get("rooms")))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        logger.error("client key %s is ignored: %s", name, type(error).__name__)
        return None

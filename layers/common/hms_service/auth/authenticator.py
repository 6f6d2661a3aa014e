"""Who may call: the token that a route asks for, its check against the keys there are, and what its key may do."""

import os
from dataclasses import dataclass
from enum import Enum
from typing import Any

from hms.credentials import Credentials, KeyPair
from hms.errors import Unauthorized
from hms.tokens import Claims, Kind, access_key_of, verify
from hms_service.auth.client_keys import ClientKeys
from hms_service.auth.scopes import EVERYTHING, Grant

REREAD_SECONDS = 60
UNKNOWN_KEYS_SECRET = os.urandom(32).hex()
"""Verifies tokens of unknown access keys: they fail as a wrong signature does, after the same work."""


class Access(Enum):
    """What a route asks of its caller."""

    PUBLIC = "none"
    MANAGEMENT = "management"
    APP = "app"
    OIDC = "oidc"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls.

    Attributes:
        name: the access key of the key that signed the caller's token, or the `sub` of an end user's.
        grant: what the caller may do.
        identity: JSON values that no other caller has. Answers that are kept for a caller are kept by them.
    """

    name: str
    grant: Grant
    identity: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class User(Caller):
    """An end user, who comes with a token of an OpenID Connect issuer.

    Attributes:
        expires_at: when that token expires, in Unix seconds.
    """

    expires_at: int


class Authenticator:
    """Tells whose token it is: the app's own key, or a client key.

    Args:
        accept_app_key: whether the app's own key may call.
        credentials: the app's key pair.
        client_keys: the other keys.
    """

    def __init__(self, accept_app_key: bool, credentials: Credentials, client_keys: ClientKeys) -> None:
        self._accept_app_key = accept_app_key
        self._credentials = credentials
        self._client_keys = client_keys

    def authenticate(self, token: str, access: Access) -> Caller:
        """The caller whose token this is, of the kind that the route asks for and valid now.

        Raises:
            Unauthorized: the token is not valid here.
            CredentialsUnavailable: the keys to check it against can't be read.
        """
        access_key = access_key_of(token)
        if access is Access.APP:
            claims = self._verify_own(token, access_key, "app")
            return Caller(access_key, EVERYTHING, ("app", access_key, claims.get("room_id"), claims.get("user_id")))
        identity = ("management", access_key)
        key = None if self._is_own(access_key) else self._client_keys.find(access_key)
        if key is not None:
            verify(token, key.secret, "management")
            return Caller(access_key, key.grant, identity)
        self._verify_own(token, access_key, "management")
        if not self._accept_app_key:
            raise Unauthorized(details=["the app's own key may not call, use a client key"])
        return Caller(access_key, EVERYTHING, identity)

    def _is_own(self, access_key: str) -> bool:
        return access_key == self._credentials.key_pair().access_key

    def _verify_own(self, token: str, access_key: str, kind: Kind) -> Claims:
        """Check against the app's key pair, and where that fails against a newer one, read at most once a minute."""
        pair = self._credentials.key_pair()
        try:
            return _verify(token, access_key, kind, pair)
        except Unauthorized:
            newer = self._credentials.key_pair(max_age=REREAD_SECONDS)
            if newer == pair:
                raise
            return _verify(token, access_key, kind, newer)


def _verify(token: str, access_key: str, kind: Kind, pair: KeyPair) -> Claims:
    """Verify a token of the pair. Another access key is refused in the words of a wrong signature."""
    return verify(token, pair.secret if access_key == pair.access_key else UNKNOWN_KEYS_SECRET, kind)

"""Who may call: the token that a route asks for, its check against the keys there are, and what its key may do."""

import os
from dataclasses import dataclass
from enum import Enum
from typing import Any

from hms.credentials import Credentials, KeyPair
from hms.errors import UnauthorizedError
from hms.tokens import Claims, TokenType, read_access_key, verify
from hms_service.auth.client_keys import ClientKeys
from hms_service.auth.scopes import FULL_ACCESS, Grant

REFRESH_SECONDS = 60
DECOY_SECRET = os.urandom(32).hex()
"""Verifies tokens of unknown access keys: they fail as a wrong signature does, after the same work."""


class AuthScheme(Enum):
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
class EndUser(Caller):
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

    def authenticate(self, token: str, auth_scheme: AuthScheme) -> Caller:
        """The caller whose token this is, of the kind that the route asks for and valid now.

        Raises:
            UnauthorizedError: the token is not valid here.
            CredentialsUnavailableError: the keys to check it against can't be read.
        """
        access_key = read_access_key(token)
        if auth_scheme is AuthScheme.APP:
            claims = self._verify_app_key(token, access_key, "app")
            return Caller(access_key, FULL_ACCESS, ("app", access_key, claims.get("room_id"), claims.get("user_id")))
        identity = ("management", access_key)
        key = None if self._is_app_key(access_key) else self._client_keys.find(access_key)
        if key is not None:
            verify(token, key.secret, "management")
            return Caller(access_key, key.grant, identity)
        self._verify_app_key(token, access_key, "management")
        if not self._accept_app_key:
            raise UnauthorizedError(details=["the app's own key may not call, use a client key"])
        return Caller(access_key, FULL_ACCESS, identity)

    def _is_app_key(self, access_key: str) -> bool:
        return access_key == self._credentials.get_key_pair().access_key

    def _verify_app_key(self, token: str, access_key: str, token_type: TokenType) -> Claims:
        """Check against the app's key pair, and where that fails against a newer one, read at most once a minute."""
        key_pair = self._credentials.get_key_pair()
        try:
            return _verify(token, access_key, token_type, key_pair)
        except UnauthorizedError:
            refreshed = self._credentials.get_key_pair(max_age=REFRESH_SECONDS)
            if refreshed == key_pair:
                raise
            return _verify(token, access_key, token_type, refreshed)


def _verify(token: str, access_key: str, token_type: TokenType, key_pair: KeyPair) -> Claims:
    """Verify a token of the pair. Another access key is refused in the words of a wrong signature."""
    return verify(token, key_pair.secret if access_key == key_pair.access_key else DECOY_SECRET, token_type)

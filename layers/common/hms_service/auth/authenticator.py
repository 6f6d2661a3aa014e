"""Authenticates callers by management tokens and app tokens."""

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
"""Secret for tokens with an unknown access key. They fail like a wrong signature, and take as long."""


class AuthScheme(Enum):
    """Type of token that a route requires."""

    PUBLIC = "none"
    MANAGEMENT = "management"
    APP = "app"
    OIDC = "oidc"


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated caller.

    Attributes:
        name: access key that signed the token, or the `sub` claim of an end user's token.
        grant: permissions of the caller.
        identity: JSON values that are unique to the caller. Stored responses are scoped to them.
    """

    name: str
    grant: Grant
    identity: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class EndUser(Caller):
    """An end user with a token of an OpenID Connect issuer.

    Attributes:
        expires_at: expiry of the token, in Unix seconds.
    """

    expires_at: int


class Authenticator:
    """Authenticates tokens signed with the app's own key pair or with a client key.

    Args:
        accept_app_key: whether management tokens signed with the app's own key are accepted.
        credentials: provides the app's key pair.
        client_keys: provides the client keys.
    """

    def __init__(self, accept_app_key: bool, credentials: Credentials, client_keys: ClientKeys) -> None:
        self._accept_app_key = accept_app_key
        self._credentials = credentials
        self._client_keys = client_keys

    def authenticate(self, token: str, auth_scheme: AuthScheme) -> Caller:
        """Verify a token and return its caller.

        Args:
            token: an encoded JWT.
            auth_scheme: type of token that the route requires.

        Raises:
            UnauthorizedError: The token is invalid, expired or of another type.
            CredentialsUnavailableError: The keys cannot be read from SSM.
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
            raise UnauthorizedError(details=["the app's own key is not accepted; use a client key"])
        return Caller(access_key, FULL_ACCESS, identity)

    def _is_app_key(self, access_key: str) -> bool:
        return access_key == self._credentials.get_key_pair().access_key

    def _verify_app_key(self, token: str, access_key: str, token_type: TokenType) -> Claims:
        """Verify with the app's key pair. On failure, read the pair again, at most once a minute, and retry."""
        key_pair = self._credentials.get_key_pair()
        try:
            return _verify(token, access_key, token_type, key_pair)
        except UnauthorizedError:
            refreshed = self._credentials.get_key_pair(max_age=REFRESH_SECONDS)
            if refreshed == key_pair:
                raise
            return _verify(token, access_key, token_type, refreshed)


def _verify(token: str, access_key: str, token_type: TokenType, key_pair: KeyPair) -> Claims:
    """Verify with the key pair. An unknown access key gets the same error as a wrong signature."""
    return verify(token, key_pair.secret if access_key == key_pair.access_key else DECOY_SECRET, token_type)

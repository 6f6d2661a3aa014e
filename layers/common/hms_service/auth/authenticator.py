"""Authenticates callers by management tokens and app tokens."""

import os

from hms.credentials import Credentials, KeyPair
from hms.errors import CredentialsUnavailableError, UnauthorizedError
from hms.parameters import Parameters
from hms.tokens import Claims, TokenType, read_access_key, verify
from hms_service.auth.caller import AuthScheme, Caller
from hms_service.auth.client_keys import PREFIX, ClientKeys
from hms_service.auth.scopes import FULL_ACCESS
from hms_service.auth.verified_tokens import VerifiedToken, VerifiedTokens

REFRESH_SECONDS = 60
DECOY_SECRET = os.urandom(32).hex()
"""Secret for tokens with an unknown access key. They fail like a wrong signature, and take as long."""


class Authenticator:
    """Authenticates tokens signed with the app's own key pair or with a client key.

    The access key of a client key begins with `hk1.`, that of the app never does. Neither is tried in place of the
    other.

    Args:
        accept_app_key: whether management tokens signed with the app's own key are accepted.
        parameters: reads the keys.
        credentials: provides the app's key pair.
    """

    def __init__(self, accept_app_key: bool, parameters: Parameters, credentials: Credentials) -> None:
        self._accept_app_key = accept_app_key
        self._parameters = parameters
        self._credentials = credentials
        self._client_keys = ClientKeys(parameters)
        self._verified_tokens = VerifiedTokens()

    def read_keys(self) -> None:
        """Read the app's key pair and what client keys need, in one call.

        Raises:
            CredentialsUnavailableError: The app's key pair cannot be read from SSM.
        """
        self._credentials.get_key_pair()

    def authenticate(self, token: str, auth_scheme: AuthScheme) -> Caller:
        """Verify a token and return its caller. A verified token is remembered for a minute.

        Args:
            token: an encoded JWT.
            auth_scheme: type of token that the route requires.

        Raises:
            UnauthorizedError: The token is invalid, expired or of another type.
            CredentialsUnavailableError: The keys cannot be read from SSM.
        """
        verified = self._recall(token, auth_scheme)
        if verified is None:
            verified = self._verify(token, auth_scheme)
            self._verified_tokens.add(token, auth_scheme, verified)
        return verified.caller

    def _recall(self, token: str, auth_scheme: AuthScheme) -> VerifiedToken | None:
        """Return an earlier verification, if its keys have not changed since."""
        verified = self._verified_tokens.get(token, auth_scheme)
        if verified is None:
            return None
        if verified.client_key_id is not None:
            self._client_keys.check_revoked(verified.client_key_id)
        self._parameters.get_secure()
        return verified if verified.generation == self._parameters.generation else None

    def _verify(self, token: str, auth_scheme: AuthScheme) -> VerifiedToken:
        access_key = read_access_key(token)
        if access_key.startswith(PREFIX):
            return self._verify_client_key(token, access_key, auth_scheme)
        is_app_token = auth_scheme is AuthScheme.APP
        claims = self._verify_app_key(token, access_key, "app" if is_app_token else "management")
        if not (is_app_token or self._accept_app_key):
            raise UnauthorizedError(details=["the app's own key is not accepted; use a client key"])
        user = (claims.get("room_id"), claims.get("user_id")) if is_app_token else ()
        caller = Caller(access_key, FULL_ACCESS, ("app" if is_app_token else "management", access_key, *user))
        return VerifiedToken(caller, int(claims["exp"]), self._parameters.generation)

    def _verify_client_key(self, token: str, access_key: str, auth_scheme: AuthScheme) -> VerifiedToken:
        secret = self._client_keys.derive_secret(access_key)
        generation = self._parameters.generation
        if auth_scheme is AuthScheme.APP:
            raise UnauthorizedError(details=["the token is not valid"])  # only the app signs app tokens
        claims = verify(token, secret, "management")
        key = self._client_keys.read(access_key)
        if generation != self._parameters.generation:  # a changed list was read with new masters
            return self._verify_client_key(token, access_key, auth_scheme)
        return VerifiedToken(
            Caller(f"{key.name} ({key.id})", key.grant, ("client", key.id)),
            min(int(claims["exp"]), key.expires_at),
            generation,
            key.id,
        )

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
    """Verify with the key pair. An unknown access key gets the same error as a wrong signature.

    Raises:
        CredentialsUnavailableError: The app's access key looks like a client key.
    """
    if key_pair.access_key.startswith(PREFIX):
        raise CredentialsUnavailableError(reason=f"access_key: must not begin with {PREFIX}")
    return verify(token, key_pair.secret if access_key == key_pair.access_key else DECOY_SECRET, token_type)

"""Remembers verified tokens, so that repeated calls of a client do not verify the same signature again."""

import time
from hashlib import sha256
from typing import NamedTuple

from hms_service.auth.caller import AuthScheme, Caller

MAX_TOKENS = 256
MAX_SECONDS = 60


class VerifiedToken(NamedTuple):
    """Result of a verification.

    Attributes:
        caller: the caller of the token.
        expires_at: expiry of the token or of its client key, in Unix seconds.
        generation: generation of the keys that verified it.
        client_key_id: id of the client key; None: signed with the app's own key.
    """

    caller: Caller
    expires_at: float
    generation: int
    client_key_id: str | None = None


class VerifiedTokens:
    """Verified tokens by their digest and type: at most 256, each for at most a minute."""

    def __init__(self) -> None:
        self._tokens: dict[tuple[bytes, AuthScheme], VerifiedToken] = {}

    def get(self, token: str, auth_scheme: AuthScheme) -> VerifiedToken | None:
        """Return the result of an earlier verification, or None if it has expired."""
        verified = self._tokens.get(_digest(token, auth_scheme))
        return verified if verified is not None and time.time() < verified.expires_at else None

    def add(self, token: str, auth_scheme: AuthScheme, verified: VerifiedToken) -> None:
        """Remember a verification. If there are too many, the oldest is forgotten."""
        key = _digest(token, auth_scheme)
        self._tokens.pop(key, None)
        if len(self._tokens) >= MAX_TOKENS:
            del self._tokens[next(iter(self._tokens))]
        self._tokens[key] = verified._replace(expires_at=min(verified.expires_at, time.time() + MAX_SECONDS))


def _digest(token: str, auth_scheme: AuthScheme) -> tuple[bytes, AuthScheme]:
    return sha256(token.encode()).digest(), auth_scheme

"""End users: whose OpenID Connect token it is, and the roles and rooms that it lets the user join."""

from typing import Any

import jwt

from hms.access import User
from hms.errors import Unauthorized
from hms.oidc.issuer import Issuer
from hms.oidc.settings import ANY_ROOM, OidcSettings
from hms.scopes import Grant
from hms.tokens import LEEWAY_SECONDS, Claims, decode
from hms.transport import Transport

MAX_LENGTH = 8_192
SCOPES = frozenset({"oidc-tokens:write"})


class Users:
    """Tells which user a token of the issuer stands for.

    Args:
        settings: the issuer, and what its users may join.
        transport: how the issuer is reached.
    """

    def __init__(self, settings: OidcSettings, transport: Transport) -> None:
        self._settings = settings
        self._issuer = Issuer(settings.issuer, transport)

    def authenticate(self, token: str) -> User:
        """The user whose token this is: the issuer's, made for the audience, valid now.

        Raises:
            Unauthorized: it is none of that.
            SignInUnavailable: the issuer's keys can't be had.
        """
        key = self._issuer.key(_key_id(token))
        claims = decode(
            token,
            key,
            key.algorithm_name,
            required=("iss", "aud", "exp", "sub"),
            issuer=self._settings.issuer,
            audience=self._settings.audience,
        )
        if not claims["sub"].strip():
            raise Unauthorized(details=["the token names no user"])
        grant = Grant(SCOPES, self._roles(claims), self._rooms(claims))
        return User(claims["sub"], grant, int(claims["exp"]) + LEEWAY_SECONDS)

    def _roles(self, claims: Claims) -> frozenset[str]:
        if not self._settings.role_claim:
            return self._settings.roles
        values = _texts(claims.get(self._settings.role_claim))
        mapping = self._settings.role_mapping
        meant = frozenset(role for value in values for role in mapping.get(value, ())) if mapping else values
        return self._settings.roles & meant

    def _rooms(self, claims: Claims) -> frozenset[str] | None:
        return None if self._settings.room_claim == ANY_ROOM else _texts(claims.get(self._settings.room_claim))


def _key_id(token: str) -> str:
    """The id of the key that a token says it is signed with; nothing of the token is verified yet."""
    if len(token) > MAX_LENGTH:
        raise Unauthorized(details=["the token is too long"])
    try:
        key_id = jwt.get_unverified_header(token).get("kid")
    except (jwt.InvalidTokenError, RecursionError, ValueError):
        raise Unauthorized(details=["the token is malformed"]) from None
    if not isinstance(key_id, str):
        raise Unauthorized(details=["the token names no key"])
    return key_id


def _texts(value: Any) -> frozenset[str]:
    """What a claim holds: one text or a list of them."""
    values = value if isinstance(value, list) else [value]
    return frozenset(each for each in values if isinstance(each, str) and each.strip())

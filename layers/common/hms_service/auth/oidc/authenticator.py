"""End users: whose OpenID Connect token it is, and the roles and rooms that it lets the user join."""

import time
from typing import Any

import jwt

from hms.errors import UnauthorizedError
from hms.http.transport import Transport
from hms.tokens import Claims, decode
from hms_service.auth.authenticator import EndUser
from hms_service.auth.oidc.issuer import Issuer
from hms_service.auth.oidc.settings import ANY_ROOM, OidcSettings
from hms_service.auth.scopes import Grant

MAX_LENGTH = 8_192
SCOPES = frozenset({"oidc-tokens:write"})
TYPES = frozenset({"jwt", "at+jwt"})
"""Values of the header `typ`, in lower case and without `application/`, that ID and access tokens have."""
OTHER_TYPES = frozenset({"logout", "offline", "refresh"})
"""Values of Keycloak's claim `typ`, in lower case, of tokens that are no sign-in."""
NOT_A_SIGN_IN = "the token is neither an ID token nor an access token"


class OidcAuthenticator:
    """Tells which user a token of the issuer stands for.

    Args:
        settings: the issuer, and what its users may join.
        transport: how the issuer is reached.
    """

    def __init__(self, settings: OidcSettings, transport: Transport) -> None:
        self._settings = settings
        self._issuer = Issuer(settings.issuer, transport)

    def authenticate(self, token: str) -> EndUser:
        """The user whose ID or access token this is: the issuer's, made for the audience, valid now.

        Raises:
            UnauthorizedError: it is none of that.
            SignInUnavailableError: the issuer's keys can't be had.
        """
        key = self._issuer.get_key(_read_key_id(token))
        claims = decode(
            token,
            key,
            key.algorithm_name,
            required=("iss", "aud", "exp", "sub"),
            issuer=self._settings.issuer,
            audience=self._settings.audience,
        )
        self._check(claims)
        grant = Grant(SCOPES, self._read_roles(claims), self._read_rooms(claims))
        return EndUser(claims["sub"], grant, ("oidc", claims["sub"]), int(claims["exp"]))

    def _check(self, claims: Claims) -> None:
        """Check what PyJWT does not: that the claims sign in a user of this audience, without leeway for the end.

        https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation
        https://openid.net/specs/openid-connect-backchannel-1_0.html#LogoutToken
        """
        audience = self._settings.audience
        if not claims["sub"].strip():
            raise UnauthorizedError(details=["the token names no user"])
        if int(claims["exp"]) <= time.time():
            raise UnauthorizedError(details=["the token has expired"])
        if "events" in claims or str(claims.get("typ")).lower() in OTHER_TYPES:
            raise UnauthorizedError(details=[NOT_A_SIGN_IN])
        if claims["aud"] not in (audience, [audience]) and claims.get("azp") != audience:
            raise UnauthorizedError(details=["the token is for several audiences and was made for another (azp)"])

    def _read_roles(self, claims: Claims) -> frozenset[str]:
        if not self._settings.role_claim:
            return self._settings.roles
        values = _read_texts(claims.get(self._settings.role_claim))
        mapping = self._settings.role_mapping
        mapped_roles = frozenset(role for value in values for role in mapping.get(value, ())) if mapping else values
        return self._settings.roles & mapped_roles

    def _read_rooms(self, claims: Claims) -> frozenset[str] | None:
        return None if self._settings.room_claim == ANY_ROOM else _read_texts(claims.get(self._settings.room_claim))


def _read_key_id(token: str) -> str:
    """The id of the key that a token says it is signed with; nothing of the token is verified yet."""
    if len(token) > MAX_LENGTH:
        raise UnauthorizedError(details=["the token is too long"])
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.InvalidTokenError, RecursionError, ValueError):
        raise UnauthorizedError(details=["the token is malformed"]) from None
    if str(header.get("typ", "JWT")).lower().removeprefix("application/") not in TYPES:
        raise UnauthorizedError(details=[NOT_A_SIGN_IN])
    key_id = header.get("kid")
    if not isinstance(key_id, str):
        raise UnauthorizedError(details=["the token names no key"])
    return key_id


def _read_texts(value: Any) -> frozenset[str]:
    """What a claim holds: one text or a list of them."""
    values = value if isinstance(value, list) else [value]
    return frozenset(text for text in values if isinstance(text, str) and text.strip())

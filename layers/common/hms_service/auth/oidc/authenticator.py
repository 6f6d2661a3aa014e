"""Authenticates end users by OpenID Connect tokens, and reads their roles and rooms from the claims."""

import time
from typing import Any

import jwt

from hms.errors import UnauthorizedError
from hms.http.transport import Transport
from hms.tokens import Claims, decode
from hms_service.auth.caller import EndUser
from hms_service.auth.oidc.issuer import Issuer
from hms_service.auth.oidc.settings import ANY_ROOM, OidcSettings
from hms_service.auth.scopes import Grant

MAX_LENGTH = 8_192
SCOPES = frozenset({"oidc-tokens:write"})
TYPES = frozenset({"jwt", "at+jwt"})
"""Header `typ` of ID and access tokens, in lower case and without `application/`."""
OTHER_TYPES = frozenset({"logout", "offline", "refresh"})
"""Claim `typ` of Keycloak tokens that are neither ID nor access tokens, in lower case."""
NOT_A_SIGN_IN = "the token must be an ID token or an access token"


class OidcAuthenticator:
    """Authenticates end users with tokens of one issuer.

    Args:
        settings: the issuer, and the roles and rooms of its users.
        transport: sends requests to the issuer.
    """

    def __init__(self, settings: OidcSettings, transport: Transport) -> None:
        self._settings = settings
        self._issuer = Issuer(settings.issuer, transport)

    def authenticate(self, token: str) -> EndUser:
        """Verify an ID token or access token of the issuer and return its user.

        Raises:
            UnauthorizedError: The token is invalid, expired or for another audience.
            SignInUnavailableError: The issuer's keys cannot be read.
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
        """Check the claims that PyJWT does not check. The expiry has no leeway.

        https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation
        https://openid.net/specs/openid-connect-backchannel-1_0.html#LogoutToken
        """
        audience = self._settings.audience
        if not claims["sub"].strip():
            raise UnauthorizedError(details=["the token has no subject (sub)"])
        if int(claims["exp"]) <= time.time():
            raise UnauthorizedError(details=["the token has expired"])
        if "events" in claims or str(claims.get("typ")).lower() in OTHER_TYPES:
            raise UnauthorizedError(details=[NOT_A_SIGN_IN])
        if claims["aud"] not in (audience, [audience]) and claims.get("azp") != audience:
            raise UnauthorizedError(
                details=["the token has several audiences, and its authorized party (azp) is another client"]
            )

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
    """Return the key ID (`kid`) from the header of a token. The token is not verified yet."""
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
        raise UnauthorizedError(details=["the token has no key ID (kid)"])
    return key_id


def _read_texts(value: Any) -> frozenset[str]:
    """Return the non-blank strings of a claim, which is one string or a list."""
    values = value if isinstance(value, list) else [value]
    return frozenset(text for text in values if isinstance(text, str) and text.strip())

"""Sign and verify 100ms's management and app tokens.

https://www.100ms.live/docs/get-started/v2/get-started/security-and-tokens
"""

import json
import time
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import jwt
from jwt.utils import base64url_decode

from hms.errors import UnauthorizedError

TokenType = Literal["management", "app"]
Claims = Mapping[str, Any]

ALGORITHM = "HS256"
VERSION = 2
BACKDATE_SECONDS = 10
LEEWAY_SECONDS = 30
DEFAULT_MANAGEMENT_TOKEN_SECONDS = 3_600
DEFAULT_APP_TOKEN_SECONDS = 86_400
MAX_LENGTH = 4_096


def sign_management_token(access_key: str, secret: str, *, lifetime: int = DEFAULT_MANAGEMENT_TOKEN_SECONDS) -> str:
    """Return a management token, which authorizes calls to the REST API.

    Args:
        access_key: the app's access key.
        secret: the app's secret.
        lifetime: seconds until the token expires.
    """
    return _sign(secret, {"access_key": access_key, "type": "management"}, lifetime)


def sign_app_token(
    access_key: str,
    secret: str,
    *,
    room_id: str,
    role: str,
    user_id: str,
    lifetime: int = DEFAULT_APP_TOKEN_SECONDS,
    not_after: int | None = None,
) -> str:
    """Return an app token, with which a client SDK joins a room.

    Args:
        access_key: the app's access key.
        secret: the app's secret.
        room_id: id of the room to join.
        role: name of the role to join as.
        user_id: id of the user in the caller's system.
        lifetime: seconds until the token expires.
        not_after: latest expiry time, in Unix seconds; None: no limit.
    """
    claims = {"access_key": access_key, "type": "app", "room_id": room_id, "role": role, "user_id": user_id}
    return _sign(secret, claims, lifetime, not_after)


def _sign(secret: str, claims: dict[str, Any], lifetime: int, not_after: int | None = None) -> str:
    now = int(time.time())
    backdated = now - BACKDATE_SECONDS
    expires_at = now + lifetime if not_after is None else min(now + lifetime, not_after)
    times = {"iat": backdated, "nbf": backdated, "exp": expires_at}
    return jwt.encode({**claims, "version": VERSION, "jti": str(uuid.uuid4()), **times}, secret, ALGORITHM)


def read_access_key(token: str) -> str:
    """Return the access key in a token. The token is not verified.

    Raises:
        UnauthorizedError: The token is malformed, too long or has no access key.
    """
    if len(token) > MAX_LENGTH:
        raise UnauthorizedError(details=["the token is too long"])
    try:
        access_key = json.loads(base64url_decode(token.split(".")[1])).get("access_key")
    except (IndexError, AttributeError, RecursionError, ValueError):
        raise UnauthorizedError(details=["the token is malformed"]) from None
    if not isinstance(access_key, str):
        raise UnauthorizedError(details=["the token has no access_key claim"])
    return access_key


def verify(token: str, secret: str, token_type: TokenType) -> Claims:
    """Return the claims of a token, after checking its signature, type, version and lifetime.

    Raises:
        UnauthorizedError: The token is not valid.
    """
    claims = decode(token, secret, ALGORITHM)
    if claims.get("type") != token_type or claims.get("version") != VERSION:
        raise UnauthorizedError(details=[f"the token must have type {token_type} and version {VERSION}"])
    return claims


def decode(
    token: str,
    key: str | jwt.PyJWK,
    algorithm: str,
    *,
    required: Sequence[str] = ("exp",),
    issuer: str | None = None,
    audience: str | None = None,
) -> Claims:
    """Return the claims of a token, after checking its signature and lifetime.

    Args:
        token: the token.
        key: key that verifies the signature.
        algorithm: the only accepted signature algorithm.
        required: names of the required claims.
        issuer: required value of `iss`; None: any.
        audience: required value of `aud`; None: any.

    Raises:
        UnauthorizedError: The token is not valid.
    """
    try:
        return jwt.decode(
            token,
            key,
            [algorithm],
            options={"require": list(required), "verify_aud": audience is not None},
            issuer=issuer,
            audience=audience,
            leeway=LEEWAY_SECONDS,
        )
    except jwt.ExpiredSignatureError:
        raise UnauthorizedError(details=["the token has expired"]) from None
    except jwt.ImmatureSignatureError:
        raise UnauthorizedError(details=["the token is not valid yet"]) from None
    except (jwt.InvalidTokenError, RecursionError):
        raise UnauthorizedError(details=["the token is not valid"]) from None

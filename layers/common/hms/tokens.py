"""Sign and verify 100ms's management and app tokens (https://www.100ms.live/docs/get-started/v2/get-started/security-and-tokens)."""

import json
import time
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import jwt
from jwt.utils import base64url_decode

from hms.errors import Unauthorized

Kind = Literal["management", "app"]
Claims = Mapping[str, Any]

ALGORITHM = "HS256"
VERSION = 2
BACK_DATED_SECONDS = 10
LEEWAY_SECONDS = 30
DEFAULT_MANAGEMENT_SECONDS = 3_600
DEFAULT_APP_SECONDS = 86_400
MAX_LENGTH = 4_096


def sign_management(access_key: str, secret: str, *, lifetime: int = DEFAULT_MANAGEMENT_SECONDS) -> str:
    """A management token, with which the REST API is called.

    Args:
        access_key: the app's access key.
        secret: the app's secret.
        lifetime: seconds until the token expires.
    """
    return _sign(secret, {"access_key": access_key, "type": "management"}, lifetime)


def sign_app(
    access_key: str,
    secret: str,
    *,
    room_id: str,
    role: str,
    user_id: str,
    lifetime: int = DEFAULT_APP_SECONDS,
    not_after: int | None = None,
) -> str:
    """An app token, with which a client SDK joins a room.

    Args:
        access_key: the app's access key.
        secret: the app's secret.
        room_id: id of the room to join.
        role: name of the role to join as.
        user_id: the caller's own id of the user.
        lifetime: seconds until the token expires.
        not_after: when the token expires at the latest, in Unix seconds; None: no such limit.
    """
    claims = {"access_key": access_key, "type": "app", "room_id": room_id, "role": role, "user_id": user_id}
    return _sign(secret, claims, lifetime, not_after)


def _sign(secret: str, claims: dict[str, Any], lifetime: int, not_after: int | None = None) -> str:
    now = int(time.time())
    back_dated = now - BACK_DATED_SECONDS
    expires_at = now + lifetime if not_after is None else min(now + lifetime, not_after)
    times = {"iat": back_dated, "nbf": back_dated, "exp": expires_at}
    return jwt.encode({**claims, "version": VERSION, "jti": str(uuid.uuid4()), **times}, secret, ALGORITHM)


def access_key_of(token: str) -> str:
    """The access key that a token names; nothing of the token is verified yet.

    Raises:
        Unauthorized: it is no token, or names no access key.
    """
    if len(token) > MAX_LENGTH:
        raise Unauthorized(details=["the token is too long"])
    try:
        access_key = json.loads(base64url_decode(token.split(".")[1])).get("access_key")
    except (IndexError, AttributeError, RecursionError, ValueError):
        raise Unauthorized(details=["the token is malformed"]) from None
    if not isinstance(access_key, str):
        raise Unauthorized(details=["the token names no access key"])
    return access_key


def verify(token: str, secret: str, kind: Kind) -> Claims:
    """The claims of a token that is signed with the secret, is of the kind asked for, and is valid now.

    Raises:
        Unauthorized: it is none of that.
    """
    claims = decode(token, secret, ALGORITHM)
    if claims.get("type") != kind or claims.get("version") != VERSION:
        raise Unauthorized(details=[f"this call takes a token of type {kind} and version {VERSION}"])
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
    """The claims of a token that is signed with the key, and is valid now.

    Args:
        token: the token.
        key: what it must be signed with.
        algorithm: the only one that is taken.
        required: the claims there must be.
        issuer: who must have made it, where that matters.
        audience: whom it must be made for, where that matters.

    Raises:
        Unauthorized: it is none of that.
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
        raise Unauthorized(details=["the token has expired"]) from None
    except jwt.ImmatureSignatureError:
        raise Unauthorized(details=["the token is not valid yet"]) from None
    except (jwt.InvalidTokenError, RecursionError):
        raise Unauthorized(details=["the token is not valid"]) from None

"""Check the tokens of calls, and sign the app tokens that room codes are exchanged for."""

import time
from functools import lru_cache
from typing import Any, Literal

import jwt
from jwt.types import Options

from simulator.errors import Unauthorized
from simulator.ids import new_uuid

TokenType = Literal["management", "app"]
VERSION = 2
APP_TOKEN_SECONDS = 86_400
VERIFIED_TOKENS = 256
LEEWAY_SECONDS = 30  # [tokens.leeway] the official Node SDK sends a token until 30 seconds after its end

# [tokens.unread-claims] PyJWT would check the audience, the issuer, and the types of `sub` and `jti`.
# [tokens.required-claims] `exp` and the claims that `check` compares.
_CHECKS: Options = {
    "require": ["exp"],
    "verify_aud": False,
    "verify_iss": False,
    "verify_sub": False,
    "verify_jti": False,
}


class Tokens:
    """Checks and signs tokens with the workspace's key pair. Token times follow real time, not the simulated clock."""

    def __init__(self, access_key: str, secret: str) -> None:
        self._access_key = access_key
        self._secret = secret
        self._verify = lru_cache(VERIFIED_TOKENS)(self._decode)

    def check(self, authorization: str | None, token_type: TokenType) -> dict[str, Any]:
        """Return the claims of the bearer token in an Authorization header.

        Raises Unauthorized unless this key pair signed it, it has this `token_type`, and it has not expired.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise _validation_error("not found")
        try:
            claims = self._verify(token.strip())
            if int(claims["exp"]) <= time.time() - LEEWAY_SECONDS:
                raise jwt.ExpiredSignatureError
        except jwt.InvalidTokenError as error:
            raise _validation_error(_reason(error)) from error
        if claims.get("access_key") != self._access_key:
            raise _validation_error("access key not found")
        if claims.get("type") != token_type:
            raise _validation_error(f"token type is not {token_type}")
        if claims.get("version") != VERSION:
            raise _validation_error(f"token version is not {VERSION}")
        return claims

    def _decode(self, token: str) -> dict[str, Any]:
        return jwt.decode(token, self._secret, algorithms=["HS256"], leeway=LEEWAY_SECONDS, options=_CHECKS)

    def sign_app_token(self, room_id: str, role: str, user_id: str) -> str:
        """Return an app token with which `user_id` can join the room in this role for 24 hours."""
        now = int(time.time())
        claims = {
            "access_key": self._access_key,
            "type": "app",
            "version": VERSION,
            "room_id": room_id,
            "role": role,
            "user_id": user_id,
            "iat": now,
            "nbf": now,
            "exp": now + APP_TOKEN_SECONDS,
            "jti": new_uuid(),
        }
        return jwt.encode(claims, self._secret, algorithm="HS256")


def _validation_error(reason: str) -> Unauthorized:
    return Unauthorized("Token validation error", [reason])


def _reason(error: jwt.InvalidTokenError) -> str:
    # [tokens.details-of-a-refused-token] only "not found" is documented; the other texts follow its form.
    match error:
        case jwt.ExpiredSignatureError():
            return "token is expired"
        case jwt.ImmatureSignatureError():
            return "token is not valid yet"
        case jwt.InvalidSignatureError():
            return "signature is invalid"
        case jwt.MissingRequiredClaimError():
            return f"claim {error.claim} is missing"
        case _:
            return "token is malformed"

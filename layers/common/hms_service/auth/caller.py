"""Callers, and the types of tokens that authenticate them."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from hms_service.auth.scopes import Grant


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
        name: access key of the app, `name (id)` of a client key, or the `sub` claim of an end user's token.
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

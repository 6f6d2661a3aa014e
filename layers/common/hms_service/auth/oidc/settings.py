"""OpenID Connect settings from the environment: the issuer, and the roles and rooms of its users."""

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from hms.errors import SignInUnavailableError

ANY_ROOM = "*"


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """The issuer and the rules for its users.

    Attributes:
        issuer: the issuer's URL, exactly as in the `iss` claim of its tokens (`HMS_OIDC_ISSUER`).
        audience: audience that the tokens must have (`HMS_OIDC_AUDIENCE`).
        roles: roles that users may join with (`HMS_OIDC_ROLES`, separated by commas).
        role_claim: claim with a user's role or roles; "" allows each user all of `roles` (`HMS_OIDC_ROLE_CLAIM`).
        role_mapping: roles for each value of the role claim; if empty, the values are the roles
            (`HMS_OIDC_ROLE_MAPPING`: `value=role`, separated by commas).
        room_claim: claim with the ID or IDs of a user's rooms; `*` allows every room (`HMS_OIDC_ROOM_CLAIM`).
    """

    issuer: str
    audience: str
    roles: frozenset[str]
    role_claim: str
    role_mapping: Mapping[str, frozenset[str]]
    room_claim: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read the settings from the environment.

        Raises:
            SignInUnavailableError: A variable is missing or invalid. The reason names it.
        """
        issuer = _read_required(environment, "HMS_OIDC_ISSUER")
        if not is_secure(issuer):
            raise SignInUnavailableError(reason="HMS_OIDC_ISSUER must use https or a loopback address")
        role_claim = environment.get("HMS_OIDC_ROLE_CLAIM", "")
        role_mapping = _parse_mapping(environment.get("HMS_OIDC_ROLE_MAPPING", ""))
        if role_mapping and not role_claim:
            raise SignInUnavailableError(reason="HMS_OIDC_ROLE_MAPPING is set without HMS_OIDC_ROLE_CLAIM")
        return cls(
            issuer=issuer,
            audience=_read_required(environment, "HMS_OIDC_AUDIENCE"),
            roles=frozenset(_split_names(environment.get("HMS_OIDC_ROLES", ""))),
            role_claim=role_claim,
            role_mapping=role_mapping,
            room_claim=_read_required(environment, "HMS_OIDC_ROOM_CLAIM"),
        )


def is_secure(url: str) -> bool:
    """Return True if the URL uses https, or http on a loopback address."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host)))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _read_required(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "")
    if not value:
        raise SignInUnavailableError(reason=f"{name} is not set")
    return value


def _parse_mapping(text: str) -> dict[str, frozenset[str]]:
    roles: dict[str, frozenset[str]] = {}
    for pair in _split_names(text):
        value, _, role = (part.strip() for part in pair.rpartition("="))
        if not value or not role:
            raise SignInUnavailableError(reason="HMS_OIDC_ROLE_MAPPING must be value=role pairs, separated by commas")
        roles[value] = roles.get(value, frozenset()) | {role}
    return roles


def _split_names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]

"""What the environment decides about end users: whose tokens are taken, and what they let a user join."""

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
        issuer: the issuer's URL, as its tokens spell it (`HMS_OIDC_ISSUER`).
        audience: what the tokens must be made for (`HMS_OIDC_AUDIENCE`).
        roles: the only roles a user may join as (`HMS_OIDC_ROLES`, separated by commas).
        role_claim: the claim that holds a user's role or roles; "": each user may have all (`HMS_OIDC_ROLE_CLAIM`).
        role_mapping: the roles that a value of the claim stands for; none: the values are the roles
            (`HMS_OIDC_ROLE_MAPPING`: `value=role`, separated by commas).
        room_claim: the claim that holds the id or ids of a user's rooms, or `*`: any room (`HMS_OIDC_ROOM_CLAIM`).
    """

    issuer: str
    audience: str
    roles: frozenset[str]
    role_claim: str
    role_mapping: Mapping[str, frozenset[str]]
    room_claim: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """The settings that the environment names.

        Raises:
            SignInUnavailableError: a variable is missing or makes no sense; the reason names it.
        """
        issuer = _read_required(environment, "HMS_OIDC_ISSUER")
        if not is_secure(issuer):
            raise SignInUnavailableError(reason="HMS_OIDC_ISSUER is neither https nor on loopback")
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
    """Whether keys that come from there are the issuer's: over https, or from this machine."""
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
            raise SignInUnavailableError(reason="HMS_OIDC_ROLE_MAPPING is not value=role, separated by commas")
        roles[value] = roles.get(value, frozenset()) | {role}
    return roles


def _split_names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]

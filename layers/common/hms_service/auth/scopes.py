"""Permissions of a key: its scopes, and the roles and rooms of its join tokens."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from hms.errors import ForbiddenError

ALL = "*"
READ, WRITE = "read", "write"
TOKENS_ONLY = frozenset({"tokens:write"})
SCOPED_RESOURCES = frozenset(
    {
        "active-rooms",
        "analytics",
        "external-streams",
        "live-streams",
        "polls",
        "recording-assets",
        "recordings",
        "room-codes",
        "rooms",
        "sessions",
        "sip",
        "stream-keys",
        "templates",
        "tokens",
    }
)
SCOPE = re.compile(rf"\*|({'|'.join(sorted(SCOPED_RESOURCES))}):(read|write|\*)")


@dataclass(frozen=True, slots=True)
class Grant:
    """Permissions of a key.

    Attributes:
        scopes: `<resource>:read`, `<resource>:write`, `<resource>:*` or `*`.
        roles: roles that its join tokens may have; None allows every role.
        rooms: IDs of rooms that its join tokens may have; None allows every room.
    """

    scopes: frozenset[str]
    roles: frozenset[str] | None = None
    rooms: frozenset[str] | None = None

    @classmethod
    def from_scopes(
        cls, scopes: Iterable[str], roles: Iterable[str] | None = None, rooms: Iterable[str] | None = None
    ) -> Self:
        """Create a grant.

        Raises:
            ValueError: A scope is unknown or missing, or a key limited by roles or rooms has other scopes than
                `tokens:write`. Other scopes would let it bypass its limits.
        """
        grant = cls(
            frozenset(scopes),
            None if roles is None else frozenset(roles),
            None if rooms is None else frozenset(rooms),
        )
        unknown = sorted(scope for scope in grant.scopes if not SCOPE.fullmatch(scope))
        if unknown or not grant.scopes:
            raise ValueError(f"not a scope: {', '.join(unknown) or 'nothing'}")
        if grant.is_limited and grant.scopes != TOKENS_ONLY:
            raise ValueError("a key limited by roles or rooms may hold tokens:write only")
        return grant

    @property
    def is_limited(self) -> bool:
        """Whether it is limited by roles or rooms."""
        return self.roles is not None or self.rooms is not None

    def allows(self, resource: str, action: str) -> bool:
        """Return True if it has the resource's scope for the action, `read` or `write`."""
        return not self.scopes.isdisjoint({ALL, f"{resource}:{ALL}", f"{resource}:{action}"})

    def check_scope(self, resource: str, action: str) -> None:
        """Check that it has the resource's scope for the action, `read` or `write`.

        Raises:
            ForbiddenError: The scope is missing.
        """
        if not self.allows(resource, action):
            raise ForbiddenError(details=[f"this key does not have the scope {resource}:{action}"])

    def check_join(self, room_id: str, role: str) -> None:
        """Check that it allows join tokens for the room and the role.

        Raises:
            ForbiddenError: The caller is limited to other rooms or roles.
        """
        if self.rooms is not None and room_id not in self.rooms:
            raise ForbiddenError(details=["roomId: not allowed for this caller"])
        if self.roles is not None and role not in self.roles:
            raise ForbiddenError(details=["role: not allowed for this caller"])


FULL_ACCESS = Grant(frozenset({ALL}))

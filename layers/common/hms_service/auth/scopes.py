"""What a key may do: scopes, and the limits of a key that may only mint join tokens."""

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
    """What a key may do.

    Attributes:
        scopes: `<resource>:read`, `<resource>:write`, `<resource>:*` or `*`.
        roles: the only roles it may mint join tokens for; None: any.
        rooms: the only rooms, by id, it may mint join tokens for; None: any.
    """

    scopes: frozenset[str]
    roles: frozenset[str] | None = None
    rooms: frozenset[str] | None = None

    @classmethod
    def from_scopes(
        cls, scopes: Iterable[str], roles: Iterable[str] | None = None, rooms: Iterable[str] | None = None
    ) -> Self:
        """A grant that makes sense.

        Raises:
            ValueError: a scope is none, or a limited key could walk around its limits by its other scopes.
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
        """Whether it holds for some roles or rooms only."""
        return self.roles is not None or self.rooms is not None

    def allows(self, resource: str, action: str) -> bool:
        """Returns True if it holds the resource's scope for this action."""
        return not self.scopes.isdisjoint({ALL, f"{resource}:{ALL}", f"{resource}:{action}"})

    def check_scope(self, resource: str, action: str) -> None:
        """Check that it holds the resource's scope for this action.

        Raises:
            ForbiddenError: the scope is missing.
        """
        if not self.allows(resource, action):
            raise ForbiddenError(details=[f"this key does not have the scope {resource}:{action}"])

    def check_join(self, room_id: str, role: str) -> None:
        """Let a join token for the room and role be minted.

        Raises:
            ForbiddenError: the caller is limited to others.
        """
        if self.rooms is not None and room_id not in self.rooms:
            raise ForbiddenError(details=["roomId: the caller is limited to other rooms"])
        if self.roles is not None and role not in self.roles:
            raise ForbiddenError(details=["role: the caller is limited to other roles"])


FULL_ACCESS = Grant(frozenset({ALL}))

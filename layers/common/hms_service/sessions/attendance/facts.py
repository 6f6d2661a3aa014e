"""What an event tells of a session's attendance."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from hms_service.instants import read_instant

OPENED = "session.open.success"
CLOSED = "session.close.success"
JOINED = "peer.join.success"
LEFT = "peer.leave.success"
INSTANTS = {OPENED: "session_started_at", CLOSED: "session_stopped_at", JOINED: "joined_at", LEFT: "left_at"}
"""Which member of each type's data says when it happened."""
MAX_KEY_BYTES = 1024
"""Longest sort key of DynamoDB (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html), and
longest segment of a path here: attendance of a longer session id could never be asked for."""
MAX_TEXT = 256
"""Characters kept of a name, a role or another id. An item of DynamoDB has at most 400 KB."""
LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class NoFact(Exception):
    """The event is of another type, or lacks what its type documents; the message says what."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened in a session; instants are UTC in ISO 8601 with six decimals, "" where not told.

    Attributes:
        session_id: the session.
        type: the event's type.
        instant: when it happened; the event's own timestamp if its data has no instant.
        told_at: when 100ms made the event, and the event's id: of two events on the same fact the greater is newer.
        room_id: the session's room.
        started_at: when the session began.
        peer_id: who joined or left, "" where the session itself opened or closed, as in the following.
        user_id: the customer's id of the user.
        name: the user's name.
        role: the role, at that instant.
        joined_at: when the stay began.
    """

    session_id: str
    type: str
    instant: str
    told_at: str
    room_id: str = ""
    started_at: str = ""
    peer_id: str = ""
    user_id: str = ""
    name: str = ""
    role: str = ""
    joined_at: str = ""

    @property
    def key(self) -> str:
        """What tells it from the session's other facts."""
        return f"{self.type} {self.peer_id} {self.instant}"

    @classmethod
    def of(cls, event: object) -> Self:
        """The fact that an event tells of.

        Texts are cut at 256 characters, and a lone surrogate, which DynamoDB refuses, becomes U+FFFD.

        Args:
            event: the envelope that 100ms sends as a webhook.

        Raises:
            NoFact: the event is of another type, has no session, no peer or no instant, or an id is too long for a key.
        """
        if not isinstance(event, Mapping) or not isinstance(data := event.get("data"), Mapping):
            raise NoFact("the event is no webhook of 100ms")
        kind = _text(event, "type")
        if kind not in INSTANTS:
            raise NoFact("the event is of another type")
        is_of_peer = kind in (JOINED, LEFT)
        told_at = _instant(event, "timestamp")
        instant = _instant(data, INSTANTS[kind]) or told_at
        fact = cls(
            session_id=_text(data, "session_id"),
            type=kind,
            instant=instant,
            told_at=f"{told_at} {_short(event, 'id')}",
            room_id=_short(data, "room_id"),
            started_at=_instant(data, "session_started_at"),
            peer_id=_text(data, "peer_id") if is_of_peer else "",
            user_id=_short(data, "user_id"),
            name=_short(data, "user_name"),
            role=_short(data, "role"),
            joined_at=instant if kind == JOINED else _instant(data, "joined_at"),
        )
        if not fact.session_id or not fact.instant or (is_of_peer and not fact.peer_id):
            raise NoFact("the event names no session, no peer or no instant")
        if max(len(fact.session_id.encode()), len(fact.key.encode())) > MAX_KEY_BYTES:
            raise NoFact("the id of the session or the peer is too long for a key")
        return fact


def _text(members: Mapping[str, Any], name: str) -> str:
    value = members.get(name)
    return LONE_SURROGATE.sub("\ufffd", value) if isinstance(value, str) else ""


def _short(members: Mapping[str, Any], name: str) -> str:
    return _text(members, name)[:MAX_TEXT]


def _instant(members: Mapping[str, Any], name: str) -> str:
    instant = read_instant(members.get(name))
    return instant.isoformat(timespec="microseconds").replace("+00:00", "Z") if instant else ""

"""What an event tells of a session's attendance."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

OPENED = "session.open.success"
CLOSED = "session.close.success"
JOINED = "peer.join.success"
LEFT = "peer.leave.success"
INSTANTS = {OPENED: "session_started_at", CLOSED: "session_stopped_at", JOINED: "joined_at", LEFT: "left_at"}
"""Which member of each type's data says when it happened."""


class NoFact(Exception):
    """The event is of another type, or lacks what its type documents; the message says what."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened in a session; instants are UTC in ISO 8601 with six decimals, "" where not told.

    Attributes:
        session_id: the session.
        type: the event's type.
        instant: when it happened.
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

    @classmethod
    def of(cls, event: Mapping[str, Any]) -> Self:
        """The fact that an event tells of.

        Args:
            event: the envelope that 100ms sends as a webhook.

        Raises:
            NoFact: it is of another type; or the session, the peer or the instant is missing.
        """
        kind, data = event.get("type"), event.get("data")
        if kind not in INSTANTS or not isinstance(data, dict):
            raise NoFact("the event is of another type")
        is_of_peer = kind in (JOINED, LEFT)
        fact = cls(
            session_id=_text(data, "session_id"),
            type=kind,
            instant=_instant(data, INSTANTS[kind]),
            told_at=f"{_instant(event, 'timestamp')} {_text(event, 'id')}",
            room_id=_text(data, "room_id"),
            started_at=_instant(data, "session_started_at"),
            peer_id=_text(data, "peer_id") if is_of_peer else "",
            user_id=_text(data, "user_id"),
            name=_text(data, "user_name"),
            role=_text(data, "role"),
            joined_at=_instant(data, "joined_at"),
        )
        if not fact.session_id or not fact.instant or (is_of_peer and not fact.peer_id):
            raise NoFact("the event names no session, no peer or no instant")
        return fact


def _text(members: Mapping[str, Any], name: str) -> str:
    value = members.get(name)
    return value if isinstance(value, str) else ""


def _instant(members: Mapping[str, Any], name: str) -> str:
    try:
        instant = datetime.fromisoformat(_text(members, name))
    except ValueError:
        return ""
    utc = instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)
    return utc.isoformat(timespec="microseconds").replace("+00:00", "Z")

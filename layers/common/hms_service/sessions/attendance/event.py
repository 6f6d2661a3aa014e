"""Attendance events, as webhooks of 100ms report them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from hms_service.timestamps import parse_timestamp

OPENED = "session.open.success"
CLOSED = "session.close.success"
JOINED = "peer.join.success"
LEFT = "peer.leave.success"
TIMESTAMP_FIELDS = {OPENED: "session_started_at", CLOSED: "session_stopped_at", JOINED: "joined_at", LEFT: "left_at"}
"""Which member of each type's data says when it happened."""
MAX_KEY_BYTES = 1024
"""Longest sort key of DynamoDB (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html), and
longest segment of a path here: attendance of a longer session id could never be asked for."""
MAX_TEXT_LENGTH = 256
"""Characters kept of a name, a role or another id. An item of DynamoDB has at most 400 KB."""
LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class UnsupportedEventError(Exception):
    """The event is of another type, or lacks what its type documents; the message says what."""


@dataclass(frozen=True, slots=True)
class AttendanceEvent:
    """One thing that happened in a session; instants are UTC in ISO 8601 with six decimals, "" where not told.

    Attributes:
        session_id: the session.
        type: the event's type.
        occurred_at: when it happened; the event's own timestamp if its data has no instant.
        version: when 100ms made the event, and the event's id: of two webhooks on the same event, the greater is newer.
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
    occurred_at: str
    version: str
    room_id: str = ""
    started_at: str = ""
    peer_id: str = ""
    user_id: str = ""
    name: str = ""
    role: str = ""
    joined_at: str = ""

    @property
    def sort_key(self) -> str:
        """What tells it from the session's other events."""
        return f"{self.type} {self.peer_id} {self.occurred_at}"

    @classmethod
    def from_webhook(cls, webhook: object) -> Self:
        """Returns the attendance event in a webhook.

        Texts are cut at 256 characters, and a lone surrogate, which DynamoDB refuses, becomes U+FFFD.

        Args:
            webhook: the envelope that 100ms sends as a webhook.

        Raises:
            UnsupportedEventError: the event is of another type, has no session, no peer or no instant, or an id is too
                long for a key.
        """
        if not isinstance(webhook, Mapping) or not isinstance(data := webhook.get("data"), Mapping):
            raise UnsupportedEventError("the event is no webhook of 100ms")
        event_type = _read_text(webhook, "type")
        if event_type not in TIMESTAMP_FIELDS:
            raise UnsupportedEventError("the event is of another type")
        is_peer_event = event_type in (JOINED, LEFT)
        version = _read_timestamp(webhook, "timestamp")
        occurred_at = _read_timestamp(data, TIMESTAMP_FIELDS[event_type]) or version
        event = cls(
            session_id=_read_text(data, "session_id"),
            type=event_type,
            occurred_at=occurred_at,
            version=f"{version} {_read_truncated(webhook, 'id')}",
            room_id=_read_truncated(data, "room_id"),
            started_at=_read_timestamp(data, "session_started_at"),
            peer_id=_read_text(data, "peer_id") if is_peer_event else "",
            user_id=_read_truncated(data, "user_id"),
            name=_read_truncated(data, "user_name"),
            role=_read_truncated(data, "role"),
            joined_at=occurred_at if event_type == JOINED else _read_timestamp(data, "joined_at"),
        )
        if not event.session_id or not event.occurred_at or (is_peer_event and not event.peer_id):
            raise UnsupportedEventError("the event names no session, no peer or no instant")
        if max(len(event.session_id.encode()), len(event.sort_key.encode())) > MAX_KEY_BYTES:
            raise UnsupportedEventError("the id of the session or the peer is too long for a key")
        return event


def _read_text(members: Mapping[str, Any], name: str) -> str:
    value = members.get(name)
    return LONE_SURROGATE.sub("\ufffd", value) if isinstance(value, str) else ""


def _read_truncated(members: Mapping[str, Any], name: str) -> str:
    return _read_text(members, name)[:MAX_TEXT_LENGTH]


def _read_timestamp(members: Mapping[str, Any], name: str) -> str:
    occurred_at = parse_timestamp(members.get(name))
    return occurred_at.isoformat(timespec="microseconds").replace("+00:00", "Z") if occurred_at else ""

"""Attendance events from webhooks of 100ms."""

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
"""Member of the data with the time of the event, by event type."""
MAX_KEY_BYTES = 1024
"""Maximum size of a DynamoDB sort key, and of a path segment. Attendance of a longer session ID could not be read.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
"""
MAX_TEXT_LENGTH = 256
"""Maximum stored characters of a name, a role or another ID. DynamoDB's limit for an item is 400 KB."""
LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class UnsupportedEventError(Exception):
    """The event is not a valid attendance event."""


@dataclass(frozen=True, slots=True)
class AttendanceEvent:
    """The start or end of a session, or a peer that joined or left it.

    Times are in UTC as ISO 8601 with six decimals. Unknown values are "".

    Attributes:
        session_id: ID of the session.
        type: type of the event.
        occurred_at: time of the event in its data; otherwise the timestamp of the webhook.
        version: timestamp and ID of the webhook. Of two webhooks for the same event, the greater version is newer.
        room_id: ID of the room.
        started_at: start of the session.
        peer_id: ID of the peer. Like the attributes below, it is "" for events of the session itself.
        user_id: customer's ID of the user.
        name: name of the user.
        role: role of the peer at the time of the event.
        joined_at: time at which the peer joined.
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
        """Sort key of the event within its session."""
        return f"{self.type} {self.peer_id} {self.occurred_at}"

    @classmethod
    def from_webhook(cls, webhook: object) -> Self:
        """Read the attendance event of a webhook.

        Texts are cut after 256 characters. Lone surrogates become U+FFFD, because DynamoDB refuses them.

        Args:
            webhook: envelope of the webhook.

        Raises:
            UnsupportedEventError: The event has another type, lacks a session, peer or time, or an ID is too long.
        """
        if not isinstance(webhook, Mapping) or not isinstance(data := webhook.get("data"), Mapping):
            raise UnsupportedEventError("the event is not a webhook of 100ms")
        event_type = _read_text(webhook, "type")
        if event_type not in TIMESTAMP_FIELDS:
            raise UnsupportedEventError("the event has another type")
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
            raise UnsupportedEventError("the event has no session, peer or time")
        if max(len(event.session_id.encode()), len(event.sort_key.encode())) > MAX_KEY_BYTES:
            raise UnsupportedEventError("the session ID or the peer ID is too long")
        return event


def _read_text(members: Mapping[str, Any], name: str) -> str:
    value = members.get(name)
    return LONE_SURROGATE.sub("\ufffd", value) if isinstance(value, str) else ""


def _read_truncated(members: Mapping[str, Any], name: str) -> str:
    return _read_text(members, name)[:MAX_TEXT_LENGTH]


def _read_timestamp(members: Mapping[str, Any], name: str) -> str:
    occurred_at = parse_timestamp(members.get(name))
    return occurred_at.isoformat(timespec="microseconds").replace("+00:00", "Z") if occurred_at else ""

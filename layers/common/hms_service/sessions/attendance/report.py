"""Builds the attendance report of a session from its events."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Self

from hms_service.sessions.attendance.event import CLOSED, LEFT, AttendanceEvent

FAR_FUTURE = "~"
"""Sorts after every timestamp."""


@dataclass(frozen=True, slots=True)
class Attendee:
    """One stay of a peer. `left_at` and `duration_seconds` are None until the peer leaves."""

    peer_id: str
    user_id: str
    name: str
    role: str
    joined_at: str | None
    left_at: str | None
    duration_seconds: int | None

    def sort_key(self) -> tuple[str, str]:
        """Return the sort key: the start of the stay and the peer ID."""
        return self.joined_at or "", self.peer_id


@dataclass(frozen=True, slots=True)
class AttendanceReport:
    """Attendance report of a session.

    Attributes:
        session_id: ID of the session.
        room_id: ID of the room.
        started_at: start of the session; None if unknown.
        ended_at: end of the session; None while it is active.
        attendees: stays of the peers, sorted by their start.
    """

    session_id: str
    room_id: str
    started_at: str | None
    ended_at: str | None
    attendees: list[Attendee]

    @classmethod
    def from_events(cls, session_id: str, events: Iterable[AttendanceEvent]) -> Self:
        """Build the report from events in any order."""
        ordered = sorted(events, key=lambda event: (event.occurred_at, event.type, event.peer_id, event.version))
        ended_at = max((event.occurred_at for event in ordered if event.type == CLOSED), default="")
        by_peer: dict[str, list[AttendanceEvent]] = defaultdict(list)
        for event in ordered:
            by_peer[event.peer_id].append(event)
        by_peer.pop("", None)
        attendees = [stay for peer_events in by_peer.values() for stay in _list_stays(peer_events, ended_at)]
        return cls(
            session_id=session_id,
            room_id=_latest_value(ordered, "room_id"),
            started_at=min(filter(None, (event.started_at for event in ordered)), default=None),
            ended_at=ended_at or None,
            attendees=sorted(attendees, key=Attendee.sort_key),
        )


def _list_stays(events: list[AttendanceEvent], ended_at: str) -> Iterator[Attendee]:
    """Yield the stays of a peer. A stay without a leave event ends at the next stay or the end of the session."""
    starts = sorted({event.joined_at for event in events})
    by_start: dict[str, list[AttendanceEvent]] = defaultdict(list)
    for event in events:
        # A leave event without the start of its stay belongs to the last stay before it.
        by_start[event.joined_at or starts[bisect_right(starts, event.occurred_at) - 1]].append(event)
    for start, next_start in pairwise([*starts, FAR_FUTURE]):
        if stay_events := by_start[start]:
            left_at = max(
                (event.occurred_at for event in stay_events if event.type == LEFT),
                default=min(ended_at or FAR_FUTURE, next_start),
            )
            yield _build_attendee(stay_events, start, "" if left_at == FAR_FUTURE else max(left_at, start))


def _build_attendee(events: list[AttendanceEvent], joined_at: str, left_at: str) -> Attendee:
    return Attendee(
        peer_id=events[0].peer_id,
        user_id=_latest_value(events, "user_id"),
        name=_latest_value(events, "name"),
        role=_latest_value(events, "role"),
        joined_at=joined_at or None,
        left_at=left_at or None,
        duration_seconds=_duration_seconds(joined_at, left_at) if joined_at and left_at else None,
    )


def _duration_seconds(start: str, end: str) -> int:
    return int((datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds())


def _latest_value(events: list[AttendanceEvent], name: str) -> str:
    return next((getattr(event, name) for event in reversed(events) if getattr(event, name)), "")

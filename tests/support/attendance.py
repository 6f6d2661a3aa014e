"""Attendance events of sessions, and random sessions with the report that they result in."""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]

BEGIN = datetime(2026, 3, 4, 9, 30, 0, 125_000, UTC)
ROOM_ID = "5f9edc6ac238215aec2312df"


def stamp(seconds: float) -> str:
    """Return the time of day at an offset from the session's start, as 100ms writes it, with nanoseconds."""
    return f"{BEGIN + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%S.%f}123Z"


def shown(seconds: float) -> str:
    """Return the same time as in the attendance report."""
    return f"{BEGIN + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%S.%f}Z"


def envelope(kind: str, session_id: str, offset: float, **data: Any) -> Json:
    """Return an event at an offset from the session's start."""
    data |= {"session_id": session_id, "room_id": ROOM_ID, "session_started_at": stamp(0)}
    second = f"{BEGIN + timedelta(seconds=offset):%Y-%m-%dT%H:%M:%SZ}"
    return {"version": "2.0", "id": str(uuid.uuid4()), "timestamp": second, "type": kind, "data": data}


def opened(session_id: str) -> Json:
    """Return the session's start event."""
    return envelope("session.open.success", session_id, 0)


def closed(session_id: str, end: float) -> Json:
    """Return the session's end event."""
    return envelope("session.close.success", session_id, end, session_stopped_at=stamp(end))


def joined(session_id: str, peer_id: str, start: float, **data: Any) -> Json:
    """Return a peer's join event."""
    return envelope("peer.join.success", session_id, start, **_peer(peer_id, start, **data))


def left(session_id: str, peer_id: str, start: float, end: float, **data: Any) -> Json:
    """Return a peer's leave event."""
    return envelope("peer.leave.success", session_id, end, **_peer(peer_id, start, **data), left_at=stamp(end))


def _peer(peer_id: str, start: float, **data: Any) -> Json:
    named = {"peer_id": peer_id, "user_id": f"user of {peer_id}", "user_name": f"name of {peer_id}", "role": "guest"}
    return {**named, "joined_at": stamp(start), **data}


@dataclass
class Session:
    """The events of a session in order, and the resulting attendance report."""

    id: str
    events: list[Json] = field(default_factory=list)
    sheet: Json = field(default_factory=dict)


TENTHS = st.integers(1, 600).map(lambda tenths: tenths / 10)


@st.composite
def sessions(draw: st.DrawFn) -> Session:
    """A session of up to four peers. Peers may rejoin, and some leave events are missing."""
    session = Session(str(uuid.uuid4()))
    session.events.append(opened(session.id))
    rows, latest = [], 0.0
    for number in range(draw(st.integers(0, 4))):
        peer_id, now = f"peer {number}", 0.0
        stays = []
        for _ in range(draw(st.integers(1, 3))):
            start = round(now + draw(TENTHS), 1)
            now = round(start + draw(TENTHS), 1)
            stays.append((start, now, draw(st.booleans())))
        latest = max(latest, now)
        rows += [(peer_id, *stay, following) for stay, following in zip(stays, [*stays[1:], None], strict=True)]
    end = round(latest + 1, 1) if draw(st.booleans()) else None
    attendees = []
    for peer_id, start, stop, is_told, following in rows:
        session.events.append(joined(session.id, peer_id, start, role="guest"))
        if is_told:
            session.events.append(left(session.id, peer_id, start, stop, role="host"))
        over = stop if is_told else following[0] if following else end
        attendees.append(_row(peer_id, start, over, "host" if is_told else "guest"))
    if end is not None:
        session.events.append(closed(session.id, end))
    session.sheet = {
        "session_id": session.id,
        "room_id": ROOM_ID,
        "started_at": shown(0),
        "ended_at": None if end is None else shown(end),
        "attendees": sorted(attendees, key=lambda row: (row["joined_at"], row["peer_id"])),
    }
    return session


def _row(peer_id: str, start: float, end: float | None, role: str) -> Json:
    return {
        "peer_id": peer_id,
        "user_id": f"user of {peer_id}",
        "name": f"name of {peer_id}",
        "role": role,
        "joined_at": shown(start),
        "left_at": None if end is None else shown(end),
        "duration_seconds": None if end is None else int(round(end - start, 1)),
    }


@st.composite
def deliveries(draw: st.DrawFn, events: list[Json]) -> list[Json]:
    """The events in any order, some of them repeated."""
    again = draw(st.lists(st.sampled_from(events), max_size=5))
    return list(draw(st.permutations([*events, *again])))

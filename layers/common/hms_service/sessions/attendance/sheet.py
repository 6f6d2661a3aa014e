"""The attendance sheet of a session: the stays that its facts come to."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Self

from hms_service.sessions.attendance.facts import CLOSED, LEFT, Fact

EVER = "~"
"""Later than every instant."""


@dataclass(frozen=True, slots=True)
class Attendee:
    """One stay of one peer; `left_at` and `duration_seconds` are None while it lasts."""

    peer_id: str
    user_id: str
    name: str
    role: str
    joined_at: str | None
    left_at: str | None
    duration_seconds: int | None

    def key(self) -> tuple[str, str]:
        """What the stays of a session are sorted by."""
        return self.joined_at or "", self.peer_id


@dataclass(frozen=True, slots=True)
class Sheet:
    """Who was in a session from when to when, first come first.

    Attributes:
        session_id: the session.
        room_id: its room.
        started_at: when it began; None: not told.
        ended_at: when it was closed; None: it goes on.
        attendees: the stays, by their beginnings.
    """

    session_id: str
    room_id: str
    started_at: str | None
    ended_at: str | None
    attendees: list[Attendee]

    @classmethod
    def of(cls, session_id: str, facts: Iterable[Fact]) -> Self:
        """The sheet that the facts come to; their order does not matter."""
        told = sorted(facts, key=lambda fact: (fact.instant, fact.type, fact.peer_id, fact.told_at))
        ended_at = max((fact.instant for fact in told if fact.type == CLOSED), default="")
        by_peer: dict[str, list[Fact]] = defaultdict(list)
        for fact in told:
            by_peer[fact.peer_id].append(fact)
        by_peer.pop("", None)
        attendees = [stay for each in by_peer.values() for stay in _stays(each, ended_at)]
        return cls(
            session_id=session_id,
            room_id=_newest(told, "room_id"),
            started_at=min(filter(None, (fact.started_at for fact in told)), default=None),
            ended_at=ended_at or None,
            attendees=sorted(attendees, key=Attendee.key),
        )


def _stays(facts: list[Fact], ended_at: str) -> Iterator[Attendee]:
    """A peer's stays. One that no leave ends is ended by the peer's next stay, or by the end of the session."""
    starts = sorted({fact.joined_at for fact in facts})
    by_start: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        # A leave that does not say when the stay began is of the last stay before it.
        by_start[fact.joined_at or starts[bisect_right(starts, fact.instant) - 1]].append(fact)
    for start, following in pairwise([*starts, EVER]):
        if own := by_start[start]:
            left_at = max((fact.instant for fact in own if fact.type == LEFT), default=min(ended_at or EVER, following))
            yield _attendee(own, start, "" if left_at == EVER else max(left_at, start))


def _attendee(facts: list[Fact], joined_at: str, left_at: str) -> Attendee:
    return Attendee(
        peer_id=facts[0].peer_id,
        user_id=_newest(facts, "user_id"),
        name=_newest(facts, "name"),
        role=_newest(facts, "role"),
        joined_at=joined_at or None,
        left_at=left_at or None,
        duration_seconds=_seconds(joined_at, left_at) if joined_at and left_at else None,
    )


def _seconds(start: str, end: str) -> int:
    return int((datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds())


def _newest(facts: list[Fact], name: str) -> str:
    return next((getattr(fact, name) for fact in reversed(facts) if getattr(fact, name)), "")

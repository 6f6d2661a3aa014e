"""Keep and query the workspace's analytics events."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from simulator.analytics.snapshots import Snapshot, Snapshots
from simulator.clock import format_nanoseconds
from simulator.contract import error_details, no_documented_text, validator
from simulator.domain_events import DomainEvent, DomainEvents
from simulator.errors import NotFound, invalid_body
from simulator.events import analytics_types, compose_event
from simulator.rooms.state import Rooms
from simulator.sessions.state import Sessions
from simulator.store import Store

Json = dict[str, Any]

RETENTION = timedelta(days=30)
MAX_EVENTS = 50_000
_ERROR_PREFIX = "client."


@dataclass(frozen=True)
class RecordedEvent:
    """An event and its time."""

    at: datetime
    event: Json

    @property
    def type(self) -> str:
        """The event type."""
        return str(self.event["type"])

    @property
    def data(self) -> Json:
        """The event's data."""
        data: Json = self.event["data"]
        return data


@dataclass(frozen=True)
class EventQuery:
    """The filters of an event query.

    An empty `types` matches all types. `ids` are members that the event's data must have, as names and values.
    """

    room_id: str
    types: frozenset[str]
    errors_only: bool
    ids: frozenset[tuple[str, str]]

    def matches(self, recorded: RecordedEvent) -> bool:
        """Return True if the event passes all filters."""
        return (
            recorded.data["room_id"] == self.room_id
            and (not self.types or recorded.type in self.types)
            and (not self.errors_only or recorded.type.startswith(_ERROR_PREFIX))
            and all(recorded.data.get(name) == value for name, value in self.ids)
        )


class Analytics:
    """The latest MAX_EVENTS events, oldest first."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._record: deque[RecordedEvent] = deque(maxlen=MAX_EVENTS)
        self._snapshots = Snapshots()
        store[DomainEvents].subscribe(self._on_event)

    def add(self, event_type: str, room_id: str, data: Json) -> Json:
        """Add an event that no call causes. Adds known data of its session and peer, and returns the event.

        Raises NotFound for an unknown room, BadRequest for an unknown type or invalid data.
        """
        if event_type not in analytics_types():
            raise invalid_body("Invalid body param: type")
        room = self._store[Rooms].get(room_id)
        session = self._store[Sessions].active(room.id)
        domain_event = DomainEvent(event_type, room.id, session.id if session else "", data | {"room_id": room.id})
        definition = analytics_types()[event_type]
        event = compose_event(self._store, definition, domain_event)
        details = error_details(validator(definition.schema).iter_errors(event), no_documented_text)
        if details:
            raise invalid_body(*details)
        return self._append(event | {"data": self._peer_data(event["data"]) | _without_empty_session(event["data"])})

    def select(self, query: EventQuery, limit: int, start: str | None) -> Json:
        """Return a page of events. Later pages show the state at the time of the first page.

        Raises BadRequest for an unknown or expired cursor.
        """
        now = self._store.clock.now()
        if start is not None:
            return self._snapshots.next_page(start, query, limit, now)
        # [analytics.order-of-events] oldest first, as in the samples.
        events = [
            recorded.event for recorded in self._record if recorded.at >= now - RETENTION and query.matches(recorded)
        ]
        return self._snapshots.first_page(Snapshot(query, events, now), limit)

    def list_by_session(self, session_id: str) -> Iterator[RecordedEvent]:
        """Return the events of a session, oldest first."""
        return (recorded for recorded in self._record if recorded.data.get("session_id") == session_id)

    def _on_event(self, domain_event: DomainEvent) -> None:
        event_type = analytics_types().get(domain_event.type)
        if event_type is not None:
            event = compose_event(self._store, event_type, domain_event)
            data = {name: value for name, value in event["data"].items() if name in event_type.members}
            self._append(event | {"data": data})

    def _append(self, event: Json) -> Json:
        self._record.append(RecordedEvent(self._store.clock.now(), event))
        return event

    def _peer_data(self, data: Json) -> Json:
        try:
            peer = self._store[Sessions].get(data["session_id"]).peers[data["peer_id"]]
        except (NotFound, KeyError):
            return {}
        peer_data = {"user_id": peer.user_id, "user_name": peer.name, "role": peer.role}
        return peer_data | {"joined_at": format_nanoseconds(peer.joined_at)}


def _without_empty_session(data: Json) -> Json:
    return data if data.get("session_id") else {name: data[name] for name in data if name != "session_id"}

"""A workspace without HTTP whose events are compared with contract/webhooks.openapi.yaml."""

from collections.abc import Iterator
from typing import Any

from simulator.domain_events import DomainEvent, DomainEvents
from simulator.rooms.state import Rooms
from simulator.sessions.state import Sessions
from simulator.store import Store
from simulator.templates.state import Templates
from simulator.tokens import Tokens
from tests.integration.simulator.client import ACCESS_KEY, SECRET
from tests.support.contract import webhooks

ADDED_BY_THE_SENDER = {"room_id", "room_name", "template_id", "session_id"}


class Workspace:
    """A workspace with one room, and its events. `more_roles` are roles of its template."""

    def __init__(self, **more_roles: Any) -> None:
        self.store = Store(Tokens(ACCESS_KEY, SECRET))
        self.rooms = self.store[Rooms]
        self.sessions = self.store[Sessions]
        roles: Any = {
            "host": {},
            "guest": {"publishParams": {"allowed": ["audio"]}},
            "single": {"maxPeerCount": 1},
            "full": {"maxPeerCount": -1},
            **more_roles,
        }
        template = self.store[Templates].upsert({"roles": roles})
        self.room = self.rooms.upsert({"template_id": template.id, "max_duration_seconds": 600})
        self._domain_events: list[DomainEvent] = []
        self.store[DomainEvents].subscribe(self._domain_events.append)

    def join(self, **changes: Any) -> str:
        peer = {"name": "Ada", "role": "host", "user_id": "user-1", "metadata": "{}"} | changes
        return self.sessions.join(self.room.id, **peer).id

    def take(self) -> Iterator[DomainEvent]:
        """Return the events since the last call. Each is checked against the contract."""
        domain_events, self._domain_events[:] = list(self._domain_events), []
        for domain_event in domain_events:
            assert domain_event.room_id == self.room.id
            assert documented(domain_event.type) <= domain_event.data.keys() | ADDED_BY_THE_SENDER
            yield domain_event

    def types(self) -> list[str]:
        return [domain_event.type for domain_event in self.take()]

    def the(self, event_type: str) -> DomainEvent:
        (found,) = (domain_event for domain_event in self.take() if domain_event.type == event_type)
        return found


def documented(event_type: str) -> set[str]:
    """Return the members of an event's sample, without those that exist only for calls of peers."""
    if event_type not in webhooks():
        assert event_type.startswith("track.")
        return set()
    return set(webhooks()[event_type]["examples"]["sample"]["value"]["data"]) - {"role_change_requested_by"}

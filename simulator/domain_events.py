"""Publish what happens in the workspace to webhooks, analytics, jobs and polls."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from simulator.store import Store


@dataclass(frozen=True)
class DomainEvent:
    """One event, with the names that the webhooks use.

    Attributes:
        type: the event type, such as `peer.join.success`.
        room_id: ID of its room.
        session_id: ID of its session, or "" without a session.
        data: the documented members of the event's data, except those that name the room, its template and the session.
    """

    type: str
    room_id: str
    session_id: str = ""
    data: dict[str, Any] = field(default_factory=dict)


class DomainEvents:
    """Passes every event to all subscribers, in the order of publication."""

    def __init__(self, _: Store) -> None:
        self._subscribers: list[Callable[[DomainEvent], None]] = []

    def subscribe(self, subscriber: Callable[[DomainEvent], None]) -> None:
        """Call `subscriber` with each event from now on, under the store's lock."""
        self._subscribers.append(subscriber)

    def publish(self, domain_event: DomainEvent) -> None:
        """Call every subscriber with this event."""
        for subscriber in list(self._subscribers):
            subscriber(domain_event)

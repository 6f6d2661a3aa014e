"""What happens in the workspace, told to every section that listens: webhooks, analytics, auto-stop rules."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from simulator.store import Store


@dataclass(frozen=True)
class DomainEvent:
    """One thing that happened; the names are those of the webhooks.

    Attributes:
        type: the event type, such as `peer.join.success`.
        room_id: id of the room it happened in.
        session_id: id of the session it happened in, "" where there was none.
        data: what the event type documents beyond the members that name the room, its template and the session.
    """

    type: str
    room_id: str
    session_id: str = ""
    data: dict[str, Any] = field(default_factory=dict)


class DomainEvents:
    """Tells every listener of everything, in the order in which it happened."""

    def __init__(self, _: Store) -> None:
        self._subscribers: list[Callable[[DomainEvent], None]] = []

    def subscribe(self, subscriber: Callable[[DomainEvent], None]) -> None:
        """Call `subscriber` with all that happens from now on, under the store's lock."""
        self._subscribers.append(subscriber)

    def publish(self, domain_event: DomainEvent) -> None:
        """Call every subscriber."""
        for subscriber in list(self._subscribers):
            subscriber(domain_event)

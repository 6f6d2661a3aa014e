"""Send webhooks for domain events, retry failed attempts, and keep the history of deliveries."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Literal

from simulator.clock import format_timestamp
from simulator.domain_events import DomainEvent, DomainEvents
from simulator.events import compose_event, webhook_types
from simulator.rooms.state import Rooms
from simulator.store import Store
from simulator.webhook_target import WebhookTarget
from simulator.webhooks.sender import PostResult, WorkerPool, post

Json = dict[str, Any]

RETRIES_AFTER_SECONDS = (1, 3, 10)
SENDER_THREADS = 8
MAX_WAITING = 50_000
MAX_DELIVERIES = 50_000
MAX_ATTEMPTS = 10_000


@dataclass
class Delivery:
    """An event and the status of its delivery; `error` is the reason for a failure, or ""."""

    event: Json
    room_id: str
    happened_at: datetime
    target: WebhookTarget
    status: Literal["pending", "success", "failed"] = "pending"
    error: str = ""

    @property
    def type(self) -> str:
        """The event type."""
        return str(self.event["type"])

    def settle(self, error: str) -> None:
        """Record the result: `error` is "" for a success."""
        self.status = "failed" if error else "success"
        self.error = error


@dataclass(frozen=True)
class OutgoingEvent:
    """An event that is being sent. `settled` is called with "" after a success, or with the last attempt's error."""

    event: Json
    room_id: str
    target: WebhookTarget
    settled: Callable[[str], None]


@dataclass(frozen=True)
class DeliveryAttempt:
    """One attempt to send an event; `number` counts from 1."""

    sending: OutgoingEvent
    number: int
    at: datetime
    result: PostResult

    def to_dict(self) -> Json:
        """Return the attempt as the control API shows it."""
        event = self.sending.event
        outcome = {"error": self.result.error} if self.result.status is None else {"status": self.result.status}
        return {
            "event_id": event["id"],
            "type": event["type"],
            "room_id": self.sending.room_id,
            "url": self.sending.target.url,
            "is_replay": "is_replay" in event,
            "try": self.number,
            "at": format_timestamp(self.at),
            **outcome,
        }


class Webhooks:
    """Sends each event to the room's webhook, or else the workspace's, and keeps the deliveries.

    `signature_key` signs all events, as in a HIPAA workspace; "" signs none.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._pool = WorkerPool(SENDER_THREADS, MAX_WAITING)
        self._deliveries: deque[Delivery] = deque(maxlen=MAX_DELIVERIES)
        self.target = store.webhook
        self.signature_key = ""
        self.attempts: deque[DeliveryAttempt] = deque(maxlen=MAX_ATTEMPTS)
        store[DomainEvents].subscribe(self._on_event)

    def settled(self) -> Iterator[Delivery]:
        """Return the deliveries that succeeded or failed, newest event first."""
        return (delivery for delivery in reversed(self._deliveries) if delivery.status != "pending")

    def resend(self, delivery: Delivery, settled: Callable[[str], None]) -> None:
        """Send an event again as a replay, to the current webhook of its room."""
        # [webhooks.replayed-event] the event keeps its ID, has the mark in its envelope, and gets the same retries.
        delivery.target = self._find_target(delivery.room_id) or delivery.target
        self._send(OutgoingEvent(delivery.event | {"is_replay": True}, delivery.room_id, delivery.target, settled))

    def _on_event(self, domain_event: DomainEvent) -> None:
        event_type = webhook_types().get(domain_event.type)
        target = self._find_target(domain_event.room_id)
        if event_type is None or target is None:
            return  # the event is not sent as a webhook, or no webhook is set
        account_ids = {"account_id": self._store.customer_id, "app_id": self._store.app_id}
        event = compose_event(self._store, event_type, domain_event) | account_ids
        delivery = Delivery(event, domain_event.room_id, self._store.clock.now(), target)
        self._deliveries.append(delivery)
        self._send(OutgoingEvent(event, domain_event.room_id, target, delivery.settle))

    def _find_target(self, room_id: str) -> WebhookTarget | None:
        room_webhook = self._store[Rooms].get(room_id).settings.get("webhook")
        return WebhookTarget(room_webhook["url"], room_webhook.get("headers", {})) if room_webhook else self.target

    def _send(self, sending: OutgoingEvent) -> None:
        self._attempt(sending, 1, self._store.clock.now())

    def _attempt(self, sending: OutgoingEvent, number: int, due: datetime) -> None:
        if not self._pool.run(partial(self._post, sending, number, due)):
            self._record_attempt(sending, number, due, PostResult(None, "too many events are waiting"))

    def _post(self, sending: OutgoingEvent, number: int, due: datetime) -> None:
        if not self._is_current():
            return
        result = post(sending.target, sending.event, self.signature_key)
        with self._store.lock:
            if self._is_current():
                self._record_attempt(sending, number, due, result)

    def _record_attempt(self, sending: OutgoingEvent, number: int, due: datetime, result: PostResult) -> None:
        self.attempts.append(DeliveryAttempt(sending, number, self._store.clock.now(), result))
        if result.error and number <= len(RETRIES_AFTER_SECONDS):
            # Counted from the scheduled time of the attempt, so that advancing the clock runs all retries in order.
            retry_at = due + timedelta(seconds=RETRIES_AFTER_SECONDS[number - 1])
            self._store.clock.call_at(retry_at, partial(self._attempt, sending, number + 1, retry_at))
        else:
            sending.settled(result.error)

    def _is_current(self) -> bool:
        """Return False if the store was reset since."""
        return self._store[Webhooks] is self

"""The webhooks of what happens: where each goes, its tries, and what became of it."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Literal

from simulator.clock import stamp
from simulator.events import compose, webhook_types
from simulator.happenings import Happening, Happenings
from simulator.rooms.state import Rooms
from simulator.store import Store
from simulator.webhooks.sender import Answer, Pool, Target, post

Json = dict[str, Any]

RETRIES_AFTER_SECONDS = (1, 3, 10)
SENDERS = 8
MAX_WAITING = 50_000
MAX_DELIVERIES = 50_000
MAX_TRIES = 10_000


@dataclass
class Delivery:
    """An event and what became of it; `error` says why its last sending failed."""

    event: Json
    room_id: str
    happened_at: datetime
    target: Target
    status: Literal["pending", "success", "failed"] = "pending"
    error: str = ""

    @property
    def type(self) -> str:
        """The type of its event."""
        return str(self.event["type"])

    def settle(self, error: str) -> None:
        """Note how its sending ended."""
        self.status = "failed" if error else "success"
        self.error = error


@dataclass(frozen=True)
class Sending:
    """An event on its way to a target; `settled` is called once it arrived, or with why it did not in the end."""

    event: Json
    room_id: str
    target: Target
    settled: Callable[[str], None]


@dataclass(frozen=True)
class Try:
    """One post of an event, the first of a sending being number 1."""

    sending: Sending
    number: int
    at: datetime
    answer: Answer

    def shown(self) -> Json:
        """The try as the control API shows it."""
        event = self.sending.event
        answer = {"error": self.answer.error} if self.answer.status is None else {"status": self.answer.status}
        return {
            "event_id": event["id"],
            "type": event["type"],
            "room_id": self.sending.room_id,
            "url": self.sending.target.url,
            "is_replay": "is_replay" in event,
            "try": self.number,
            "at": stamp(self.at),
            **answer,
        }


class Webhooks:
    """Sends what happens to the room's own webhook or else the workspace's, and remembers what was sent."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._pool = Pool(SENDERS, MAX_WAITING)
        self._deliveries: deque[Delivery] = deque(maxlen=MAX_DELIVERIES)
        self.target = store.webhook
        self.tries: deque[Try] = deque(maxlen=MAX_TRIES)
        store[Happenings].listen(self._hear)

    def settled(self) -> Iterator[Delivery]:
        """The deliveries that came to an end, newest event first."""
        return (delivery for delivery in reversed(self._deliveries) if delivery.status != "pending")

    def resend(self, delivery: Delivery, settled: Callable[[str], None]) -> None:
        """Send an event again, marked as a replay, to where events of its room go now."""
        # assumed: the id stays, the mark is a member of the envelope, and the retries are the same.
        delivery.target = self._target_of(delivery.room_id) or delivery.target
        self._send(Sending(delivery.event | {"is_replay": True}, delivery.room_id, delivery.target, settled))

    def _hear(self, happening: Happening) -> None:
        kind = webhook_types().get(happening.type)
        target = self._target_of(happening.room_id)
        if kind is None or target is None:
            return  # no webhook, or nobody to send it to
        account = {"account_id": self._store.customer_id, "app_id": self._store.app_id}
        event = compose(self._store, kind, happening) | account
        delivery = Delivery(event, happening.room_id, self._store.clock.now(), target)
        self._deliveries.append(delivery)
        self._send(Sending(event, happening.room_id, target, delivery.settle))

    def _target_of(self, room_id: str) -> Target | None:
        own = self._store[Rooms].get(room_id).settings.get("webhook")
        return Target(own["url"], own.get("headers", {})) if own else self.target

    def _send(self, sending: Sending) -> None:
        self._try(sending, 1, self._store.clock.now())

    def _try(self, sending: Sending, number: int, due: datetime) -> None:
        if not self._pool.run(partial(self._post, sending, number, due)):
            self._answered(sending, number, due, Answer(None, "too many events are waiting"))

    def _post(self, sending: Sending, number: int, due: datetime) -> None:
        if not self._is_current():
            return
        answer = post(sending.target, sending.event)
        with self._store.lock:
            if self._is_current():
                self._answered(sending, number, due, answer)

    def _answered(self, sending: Sending, number: int, due: datetime, answer: Answer) -> None:
        self.tries.append(Try(sending, number, self._store.clock.now(), answer))
        if answer.error and number <= len(RETRIES_AFTER_SECONDS):
            # Counted from when the try was due: an advanced clock makes the retries due at once, one after the other.
            again = due + timedelta(seconds=RETRIES_AFTER_SECONDS[number - 1])
            self._store.clock.at(again, partial(self._try, sending, number + 1, again))
        else:
            sending.settled(answer.error)

    def _is_current(self) -> bool:
        """Whether the store was not reset since."""
        return self._store[Webhooks] is self

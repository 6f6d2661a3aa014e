"""Replay past webhooks, ten per second."""

import secrets
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from simulator.clock import format_seconds, parse_timestamp
from simulator.contract import check_body, no_documented_text
from simulator.errors import NotFound, invalid_body
from simulator.store import Store
from simulator.webhooks.history import Selection, parse_window
from simulator.webhooks.state import Delivery, Webhooks

Json = dict[str, Any]

INTERVAL = timedelta(milliseconds=100)
MAX_EVENTS = 50_000


@dataclass
class Replay:
    """A replay. `request` is the body of the call; `filters` are its filters with defaults."""

    id: str
    request: Json
    filters: Json
    total: int
    started_at: datetime
    completed: int = 0
    failed_events: list[str] = field(default_factory=list)
    completed_at: datetime | None = None

    @property
    def running(self) -> bool:
        """True until all its events are delivered or failed."""
        return self.completed_at is None

    @property
    def status(self) -> str:
        """The status as the API names it."""
        if self.running:
            return "Running"
        if not self.failed_events:
            return "completed"
        return "completed_with_failures" if self.completed else "failed"

    def to_dict(self) -> Json:
        """Return the replay as in the API. Includes `completed_at` and `result` once it has ended."""
        progress = {"total": self.total, "completed": self.completed, "failed": len(self.failed_events)}
        status = {
            "workflow_id": self.id,
            "status": self.status,
            "started_at": format_seconds(self.started_at),
            "filters": self.filters,
            "progress": progress,
        }
        if self.completed_at is None:
            return status
        result = {**progress, "failed_events": self.failed_events}
        return status | {"completed_at": format_seconds(self.completed_at), "result": result}


class Replays:
    """All replays, by ID."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._replays: dict[str, Replay] = {}

    def get(self, workflow_id: str) -> Replay:
        """Return a replay. Raises NotFound."""
        if workflow_id not in self._replays:
            raise NotFound("workflow not found")
        return self._replays[workflow_id]

    def start(self, request: Json) -> Json:
        """Start a replay, unless one with the same request is running. Raises BadRequest."""
        check_body("replayWebhookEvents", request, no_documented_text)
        for replay in self._replays.values():
            if replay.running and replay.request == request:
                # [webhooks.already-running] the text for a replay that already runs.
                return _start_response(replay, "already_running", "Webhook replay is already running")
        return _start_response(self._queue(request), "started", "Webhook replay has been queued for processing")

    def _queue(self, request: Json) -> Replay:
        selection = self._selection(request)
        limit, offset = int(request.get("limit", MAX_EVENTS)), int(request.get("offset", 0))
        if limit < 1 or offset < 0:
            # [webhooks.limit-and-offset-of-a-replay] must not be negative
            raise invalid_body("Invalid body param: limit or offset")
        # [webhooks.order-of-a-replay] replayed in the order in which the events happened.
        oldest_first = list(selection.select_from(self._store[Webhooks]))[::-1]
        deliveries = oldest_first[offset : offset + limit]
        now = self._store.clock.now()
        filters = {
            "start_time": format_seconds(selection.window.start),
            "end_time": format_seconds(selection.window.end),
            "room_id": selection.room_id,
            "event_types": request.get("event_names", []),
            "limit": limit,
            "offset": offset,
        }
        workflow_id = f"webhook-replay-{self._store.customer_id}-{secrets.token_hex(4)}"
        replay = Replay(workflow_id, request, filters, len(deliveries), now)
        self._replays[replay.id] = replay
        self._finish(replay)
        self._send_next(replay, deque(deliveries), now)
        return replay

    def _selection(self, request: Json) -> Selection:
        start, end = (_read_timestamp(request, name) for name in ("start_time", "end_time"))
        return Selection(
            parse_window(self._store, start, end),
            request.get("room_id", ""),
            request.get("status", "failed"),
            frozenset(request.get("event_names", [])),
        )

    def _send_next(self, replay: Replay, waiting: deque[Delivery], due: datetime) -> None:
        if waiting:
            delivery = waiting.popleft()
            self._store[Webhooks].resend(delivery, partial(self._on_settled, replay, delivery))
            next_due = due + INTERVAL
            self._store.clock.call_at(next_due, partial(self._send_next, replay, waiting, next_due))

    def _on_settled(self, replay: Replay, delivery: Delivery, error: str) -> None:
        delivery.settle(error)
        if error:
            replay.failed_events.append(delivery.event["id"])
        else:
            replay.completed += 1
        self._finish(replay)

    def _finish(self, replay: Replay) -> None:
        if replay.running and replay.completed + len(replay.failed_events) == replay.total:
            replay.completed_at = self._store.clock.now()


def _start_response(replay: Replay, status: str, message: str) -> Json:
    filter_names = ("start_time", "end_time", "room_id", "event_types")
    filters = {name: replay.filters[name] for name in filter_names}
    return {"workflow_id": replay.id, "status": status, "message": message, "filters": filters}


def _read_timestamp(request: Json, name: str) -> datetime | None:
    if name not in request:
        return None
    try:
        return parse_timestamp(request[name])
    except ValueError as error:
        raise invalid_body(f"Invalid body param: {name}") from error

"""Filter the history of deliveries, and format it as in the API."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from math import ceil
from typing import Any

from simulator.clock import format_seconds
from simulator.errors import BadRequest
from simulator.store import Store
from simulator.webhooks.state import Delivery, Webhooks

Json = dict[str, Any]

DEFAULT_WINDOW = timedelta(hours=24)
MAX_WINDOW = timedelta(days=14)
RETENTION = timedelta(days=30)
_EVENT_DATA_MEMBERS = ("session_id", "peer_id", "user_id")


@dataclass(frozen=True)
class Window:
    """A time range; both ends are inclusive."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Selection:
    """The filters of the history; an empty string or set matches all deliveries."""

    window: Window
    room_id: str
    status: str
    event_names: frozenset[str]

    def select_from(self, webhooks: Webhooks) -> Iterator[Delivery]:
        """Return the selected deliveries, newest event first."""
        return filter(self._matches, webhooks.settled())

    def _matches(self, delivery: Delivery) -> bool:
        return (
            self.window.start <= delivery.happened_at <= self.window.end
            and self.room_id in ("", delivery.room_id)
            and self.status in ("all", delivery.status)
            and (not self.event_names or delivery.type in self.event_names)
        )


def parse_window(store: Store, start: datetime | None, end: datetime | None) -> Window:
    """Return the time range from `start` (default: 24 hours ago) to `end` (default: now).

    Raises BadRequest if it is longer than 14 days, or starts more than 30 days ago.
    """
    now = store.clock.now()
    start = start or now - DEFAULT_WINDOW
    end = end or now
    if start < now - RETENTION:
        raise BadRequest("start_time must be within the last 30 days")
    # [webhooks.time-range-of-the-history] an end before the start gets the same error.
    if not start <= end <= start + MAX_WINDOW:
        raise BadRequest("end_time must be within 14 days after start_time")
    return Window(start, end)


def history_page(store: Store, selection: Selection, limit: int, page: int) -> Json:
    """Return a page of the history. Pages are numbered from 1."""
    total = sum(1 for _ in selection.select_from(store[Webhooks]))
    first = (page - 1) * limit
    deliveries = islice(selection.select_from(store[Webhooks]), first, first + limit)
    return {
        "events": [_delivery_to_dict(delivery) for delivery in deliveries],
        "pagination": {
            "current_page": page,
            "page_size": limit,
            "total_pages": ceil(total / limit),
            "total_items": total,
            "has_next": first + limit < total,
            "has_prev": page > 1,
        },
        "summary": {"total_events": total},
    }


def _delivery_to_dict(delivery: Delivery) -> Json:
    failure = {"error_reason": delivery.error} if delivery.error else {}
    return {
        "event_id": delivery.event["id"],  # [webhooks.event-id] a record has the ID of its event
        "event_name": f"reporter.webhook.delivery.{delivery.status}",  # [webhooks.event-name] the name for a success
        "room_id": delivery.room_id,
        "event_timestamp": format_seconds(delivery.happened_at),
        "payload": {
            "event_data": {name: delivery.event["data"].get(name, "") for name in _EVENT_DATA_MEMBERS},
            "webhook_url": delivery.target.url,
            "original_event_name": delivery.type,
            **failure,
        },
    }

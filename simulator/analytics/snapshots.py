"""Keep the results of queries, so that later pages show the state at the time of the first page."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from simulator.errors import invalid_query
from simulator.ids import new_uuid

Json = dict[str, Any]

SNAPSHOT_LIFETIME = timedelta(hours=24)
MAX_SNAPSHOTS = 100
_POSITION = re.compile("[0-9]{1,6}")


@dataclass(frozen=True)
class Snapshot:
    """The result of a query; `query` identifies it."""

    query: object
    events: list[Json]
    taken_at: datetime

    def page(self, cursor: str, position: int, limit: int) -> Json:
        """Return the events from `position`, and the cursor of the next page, or "" on the last page."""
        events = self.events[position : position + limit]
        end = position + len(events)
        total = len(self.events)
        return {
            "limit": len(events),
            "total": total,
            "next": f"{cursor}:{end}" if end < total else "",
            "events": events,
        }


class Snapshots:
    """The latest snapshots with more than one page."""

    def __init__(self) -> None:
        self._snapshots: dict[str, Snapshot] = {}

    def first_page(self, snapshot: Snapshot, limit: int) -> Json:
        """Return the first page. Keeps the snapshot if it has more pages."""
        cursor = new_uuid()
        if len(snapshot.events) > limit:
            self._snapshots[cursor] = snapshot
            if len(self._snapshots) > MAX_SNAPSHOTS:
                del self._snapshots[next(iter(self._snapshots))]
        return snapshot.page(cursor, 0, limit)

    def next_page(self, start: str, query: object, limit: int, now: datetime) -> Json:
        """Return the page at a cursor. Raises BadRequest if it is unknown, expired or belongs to another query."""
        cursor, _, position = start.rpartition(":")
        snapshot = self._snapshots.get(cursor)
        if (
            snapshot is None
            or not _POSITION.fullmatch(position)
            or snapshot.query != query
            or now - snapshot.taken_at > SNAPSHOT_LIFETIME
        ):
            # [analytics.unknown-or-expired-start] the response to an unknown or expired cursor
            raise invalid_query("start")
        return snapshot.page(cursor, int(position), limit)

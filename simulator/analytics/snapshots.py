"""What queries found, frozen at their first page for the pages that follow."""

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
    """The events that a query found; `query` is what it asked for."""

    query: object
    events: list[Json]
    taken_at: datetime

    def page(self, cursor: str, position: int, limit: int) -> Json:
        """The events from a position on, and the cursor to those after them, "" at the end."""
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
    """The latest snapshots that have further pages."""

    def __init__(self) -> None:
        self._snapshots: dict[str, Snapshot] = {}

    def first_page(self, snapshot: Snapshot, limit: int) -> Json:
        """The first page of a new snapshot, which is kept for the others."""
        cursor = new_uuid()
        if len(snapshot.events) > limit:
            self._snapshots[cursor] = snapshot
            if len(self._snapshots) > MAX_SNAPSHOTS:
                del self._snapshots[next(iter(self._snapshots))]
        return snapshot.page(cursor, 0, limit)

    def next_page(self, start: str, query: object, limit: int, now: datetime) -> Json:
        """The page at a cursor; raises BadRequest where it is unknown, dead, or of another query."""
        cursor, _, position = start.rpartition(":")
        snapshot = self._snapshots.get(cursor)
        if (
            snapshot is None
            or not _POSITION.fullmatch(position)
            or snapshot.query != query
            or now - snapshot.taken_at > SNAPSHOT_LIFETIME
        ):
            raise invalid_query("start")  # assumed: the answer to a cursor that leads nowhere
        return snapshot.page(cursor, int(position), limit)

"""Keep the active stream keys. A room has at most one, and a disabled key cannot be enabled again."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from simulator.clock import FormatTime, format_timestamp
from simulator.errors import BadRequest, NotFound
from simulator.rooms.state import Rooms
from simulator.store import Store

Json = dict[str, Any]


@dataclass(frozen=True)
class StreamKey:
    """An active key of a room."""

    id: str
    room_id: str
    key: str
    created_at: datetime


class StreamKeys:
    """The active keys, by room. Every method raises NotFound for an unknown room, and Forbidden for a disabled one."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._active: dict[str, StreamKey] = {}

    def create(self, room_id: str) -> StreamKey:
        """Create a room's key. Raises BadRequest if it has one."""
        room = self._store[Rooms].get_enabled(room_id)
        if room.id in self._active:
            raise BadRequest("Active key already exists")
        key = StreamKey(self._store.ids.new(), room.id, secrets.token_urlsafe(24), self._store.clock.now())
        self._active[room.id] = key
        return key

    def get(self, room_id: str) -> StreamKey:
        """Return a room's key. Raises NotFound if it has none."""
        return self._find(room_id, "No active key found")

    def disable(self, room_id: str) -> None:
        """Disable a room's key. Raises NotFound if it has none."""
        del self._active[self._find(room_id, "Key not found").room_id]

    def to_dict(self, key: StreamKey, format_time: FormatTime = format_timestamp) -> Json:
        """Return a key as in the API."""
        return {
            "id": key.id,
            "url": "rtmp://rtmp-ingest.example/live",  # assumed: one URL for all keys, on a host that cannot exist
            "key": key.key,
            "room_id": key.room_id,
            "customer_id": self._store.customer_id,
            "app_id": self._store.app_id,
            "enabled": True,
            "created_at": format_time(key.created_at),
            "updated_at": format_time(key.created_at),
        }

    def _find(self, room_id: str, not_found_message: str) -> StreamKey:
        room = self._store[Rooms].get_enabled(room_id)
        if room.id not in self._active:
            raise NotFound(not_found_message)
        return self._active[room.id]

"""Keep the active stream keys. A room has at most one, and a disabled key cannot be enabled again."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from simulator.clock import FormatTime, format_timestamp
from simulator.errors import BadRequest, NotFound
from simulator.rooms.state import Room, Rooms
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
    """The active keys, by room, and the rooms of all keys.

    Every method with a `room_id` raises NotFound for an unknown room, and Forbidden for a disabled one.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._active: dict[str, StreamKey] = {}
        self._rooms_by_key: dict[str, str] = {}

    def create(self, room_id: str) -> StreamKey:
        """Create a room's key. Raises BadRequest if it has one."""
        room = self._store[Rooms].get_enabled(room_id)
        if room.id in self._active:
            raise BadRequest("Active key already exists")
        key = StreamKey(self._store.ids.new(), room.id, secrets.token_urlsafe(24), self._store.clock.now())
        self._active[room.id] = key
        self._rooms_by_key[key.key] = room.id
        return key

    def get(self, room_id: str) -> StreamKey:
        """Return a room's key. Raises NotFound if it has none."""
        return self._find(room_id, "No active key found")

    def disable(self, room_id: str) -> None:
        """Disable a room's key. Raises NotFound if it has none."""
        del self._active[self._find(room_id, "Key not found").room_id]

    def find_room(self, key: str) -> Room:
        """Return the room of a key that was ever created. Raises NotFound for any other key."""
        if key not in self._rooms_by_key:
            raise NotFound("Key not found")
        return self._store[Rooms].get(self._rooms_by_key[key])

    def is_usable(self, key: str) -> bool:
        """Return True if a key is active, and its room enabled."""
        room = self.find_room(key)
        active = self._active.get(room.id)
        return room.enabled and active is not None and active.key == key

    def to_dict(self, key: StreamKey, format_time: FormatTime = format_timestamp) -> Json:
        """Return a key as in the API."""
        return {
            "id": key.id,
            # [stream-keys.url] one URL for all keys, on a host that cannot exist
            "url": "rtmp://rtmp-ingest.example/live",
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

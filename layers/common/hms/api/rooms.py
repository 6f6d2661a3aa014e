"""Rooms: one method an operation of the REST API."""

from collections.abc import Iterator
from typing import Any

from hms.api.section import Section
from hms.client import ObjectBody, Query, Reply


class Rooms(Section):
    """Operations under /rooms."""

    def create(self, body: ObjectBody | None = None, query: Query = ()) -> Reply:
        """Create a room, or overwrite the configuration of the room that already has this name.

        Args:
            body: a `RoomCreate`, or its members.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/Rooms/create-via-api
        """
        return self._call("POST", "rooms", query=query, body=body, body_model="RoomCreate")

    def check_create(self, body: ObjectBody) -> None:
        """Raise BadRequest unless `create` accepts the body; nothing is sent."""
        self._check_body("RoomCreate", body)

    def list(self, query: Query = ()) -> Reply:
        """List rooms of the workspace, newest first, a page a call.

        Args:
            query: a `RoomListQuery`, or its members.

        https://www.100ms.live/docs/server-side/v2/api-reference/Rooms/list-rooms
        """
        return self._call("GET", "rooms", query=query, query_model="RoomListQuery")

    def iterate(
        self, query: Query = (), *, max_items: int | None = None, **filters: object
    ) -> Iterator[dict[str, Any]]:
        """The rooms of all pages, newest first; as `list`, and raises `HmsError` for an answer that is no success."""
        return self._iterate(self.list, query, filters, max_items=max_items)

    def retrieve(self, room_id: str, query: Query = ()) -> Reply:
        """Fetch one room by id.

        https://www.100ms.live/docs/server-side/v2/api-reference/Rooms/retrieve-room
        """
        return self._call("GET", "rooms", room_id, query=query)

    def update(self, room_id: str, body: ObjectBody, query: Query = ()) -> Reply:
        """Change a room's properties, or enable or disable it.

        Args:
            room_id: id of the room.
            body: a `RoomUpdate`, or its members.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/Rooms/update-a-room
        """
        return self._call("POST", "rooms", room_id, query=query, body=body, body_model="RoomUpdate")

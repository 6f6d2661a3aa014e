"""Rooms: one method an operation of the REST API."""

from hms.api.section import Section
from hms.client import ObjectBody, Query, Reply


class Rooms(Section):
    """Operations under /rooms."""

    def create(self, body: ObjectBody | None = None, query: Query = ()) -> Reply:
        """Create a room, or overwrite the configuration of the room that already has this name.

        https://www.100ms.live/docs/server-side/v2/api-reference/Rooms/create-via-api
        """
        return self._client.request("POST", "rooms", query=query, body=body)

    def list(self, query: Query = ()) -> Reply:
        """List rooms of the workspace with filters and cursor pagination.

        https://www.100ms.live/docs/server-side/v2/api-reference/Rooms/list-rooms
        """
        return self._client.request("GET", "rooms", query=query)

    def retrieve(self, room_id: str, query: Query = ()) -> Reply:
        """Fetch one room by id.

        https://www.100ms.live/docs/server-side/v2/api-reference/Rooms/retrieve-room
        """
        return self._client.request("GET", "rooms", room_id, query=query)

    def update(self, room_id: str, body: ObjectBody, query: Query = ()) -> Reply:
        """Change a room's properties, or enable/disable it.

        https://www.100ms.live/docs/server-side/v2/api-reference/Rooms/update-a-room
        """
        return self._client.request("POST", "rooms", room_id, query=query, body=body)

"""Room codes: one method an operation of the REST API."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from hms.api.section import Section
from hms.client import ObjectBody, Query, Reply


class RoomCodes(Section):
    """Operations under /room-codes."""

    def create(self, room_id: str, query: Query = ()) -> Reply:
        """Make sure every role of the room has a code and return the codes.

        Args:
            room_id: id of the room.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/room-codes/create-room-code-api
        """
        return self._call("POST", "room-codes", "room", room_id, query=query)

    def list(self, room_id: str, query: Query = ()) -> Reply:
        """List the room's codes, optionally by role or state, a page a call.

        Args:
            room_id: id of the room.
            query: a `RoomCodeListQuery`, or its members.

        https://www.100ms.live/docs/server-side/v2/api-reference/room-codes/get-room-code-api
        """
        return self._call("GET", "room-codes", "room", room_id, query=query, query_model="RoomCodeListQuery")

    def iterate(
        self, room_id: str, query: Query = (), *, max_items: int | None = None, **filters: object
    ) -> Iterator[dict[str, Any]]:
        """The room's codes of all pages; as `list`, and raises `HmsError` for an answer that is no success."""
        return self._iterate(partial(self.list, room_id), query, filters, max_items=max_items)

    def create_for_role(self, room_id: str, role: str, query: Query = ()) -> Reply:
        """Create a code for one role of the room.

        Args:
            room_id: id of the room.
            role: name of the role.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/room-codes/create-room-code-api
        """
        return self._call("POST", "room-codes", "room", room_id, "role", role, query=query)

    def update(self, body: ObjectBody, query: Query = ()) -> Reply:
        """Enable or disable one code.

        Args:
            body: a `RoomCodeUpdate`, or its members.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/room-codes/update-room-code-api
        """
        return self._call("POST", "room-codes", "code", query=query, body=body, body_model="RoomCodeUpdate")

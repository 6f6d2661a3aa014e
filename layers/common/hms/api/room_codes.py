"""Room codes: one method an operation of the REST API."""

from hms.api.section import Section
from hms.client import ObjectBody, Query, Reply


class RoomCodes(Section):
    """Operations under /room-codes."""

    def create(self, room_id: str, query: Query = ()) -> Reply:
        """Make sure every role of the room has a code and return the codes.

        https://www.100ms.live/docs/server-side/v2/api-reference/room-codes/create-room-code-api
        """
        return self._call("POST", "room-codes", "room", room_id, query=query)

    def list(self, room_id: str, query: Query = ()) -> Reply:
        """List the room's codes, optionally by role or state.

        https://www.100ms.live/docs/server-side/v2/api-reference/room-codes/get-room-code-api
        """
        return self._call("GET", "room-codes", "room", room_id, query=query)

    def create_for_role(self, room_id: str, role: str, query: Query = ()) -> Reply:
        """Create a code for one role of the room.

        https://www.100ms.live/docs/server-side/v2/api-reference/room-codes/create-room-code-api
        """
        return self._call("POST", "room-codes", "room", room_id, "role", role, query=query)

    def update(self, body: ObjectBody, query: Query = ()) -> Reply:
        """Enable or disable one code.

        https://www.100ms.live/docs/server-side/v2/api-reference/room-codes/update-room-code-api
        """
        return self._call("POST", "room-codes", "code", query=query, body=body)

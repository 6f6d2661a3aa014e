"""Room codes: one method per operation."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, Unpack

from hms import models
from hms.operation import Operation
from hms.resources.resource import Resource
from hms.types import ObjectBody, Query, Response

if TYPE_CHECKING:
    from hms.params.room_codes import RoomCodeUpdateParams

CREATE = Operation(
    "room_codes.create",
    "POST",
    "/room-codes/room/{room_id}",
    response="RoomCodeCollection",
    credential_reason="the caller requests room codes",
)
LIST = Operation(
    "room_codes.list",
    "GET",
    "/room-codes/room/{room_id}",
    query=lambda: models.room_codes.RoomCodeListQuery,
    response="RoomCodeList",
    credential_reason="the caller requests room codes",
)
CREATE_FOR_ROLE = Operation(
    "room_codes.create_for_role",
    "POST",
    "/room-codes/room/{room_id}/role/{role}",
    response="RoomCode",
    credential_reason="the caller requests a room code",
)
UPDATE = Operation(
    "room_codes.update",
    "POST",
    "/room-codes/code",
    body=lambda: models.room_codes.RoomCodeUpdate,
    response="RoomCode",
    credential_reason="the caller sends this room code",
)


class RoomCodes(Resource):
    """Operations under /room-codes."""

    def create(self, room_id: str, query: Query = ()) -> Response:
        """Create the missing room codes of a room, and return all its codes.

        Args:
            room_id: id of the room.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/room-codes/create-room-code-api
        """
        return self._call(CREATE, room_id=room_id, query=query)

    def list(self, room_id: str, query: Query = ()) -> Response:
        """List the room's codes, optionally by role or state, one page per call.

        Args:
            room_id: id of the room.
            query: a `RoomCodeListQuery`, or its members.

        https://www.100ms.live/docs/server-side/v2/api-reference/room-codes/get-room-code-api
        """
        return self._call(LIST, room_id=room_id, query=query)

    def iterate(
        self, room_id: str, query: Query = (), *, max_items: int | None = None, **filters: object
    ) -> Iterator[dict[str, Any]]:
        """Yield the room's codes of all pages. Takes the parameters of `list`.

        Raises:
            HmsError: 100ms responded with an error status.
        """
        return self._iterate(partial(self.list, room_id), query, filters, max_items=max_items)

    def create_for_role(self, room_id: str, role: str, query: Query = ()) -> Response:
        """Create a code for one role of the room.

        Args:
            room_id: id of the room.
            role: name of the role.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/room-codes/create-room-code-api
        """
        return self._call(CREATE_FOR_ROLE, room_id=room_id, role=role, query=query)

    def update(
        self, body: ObjectBody | None = None, query: Query = (), **members: "Unpack[RoomCodeUpdateParams]"
    ) -> Response:
        """Enable or disable one code.

        Args:
            body: a `RoomCodeUpdate`, or a mapping of its members.
            members: members of the body as keyword arguments, instead of `body`.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/room-codes/update-room-code-api
        """
        return self._call(UPDATE, query=query, body=body, members=members)

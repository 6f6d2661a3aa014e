"""Rooms: one method per operation."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Unpack

from hms import models
from hms.operation import Credential, Operation
from hms.resources.resource import Resource
from hms.types import ObjectBody, Query, Response

if TYPE_CHECKING:
    from hms.params.rooms import RoomCreateParams, RoomUpdateParams

ROOM_CREDENTIALS = (
    Credential("webhook.headers"),
    Credential("webhook.url", "url"),
    Credential("recording_info.upload_info.credentials.*"),
    Credential("recording.upload_info.credentials.*"),
)

CREATE = Operation(
    "rooms.create",
    "POST",
    "/rooms",
    body=lambda: models.rooms.RoomCreate,
    body_required=False,
    response="Room",
    credentials=ROOM_CREDENTIALS,
)
LIST = Operation(
    "rooms.list",
    "GET",
    "/rooms",
    query=lambda: models.rooms.RoomListQuery,
    response="RoomList",
    credentials=ROOM_CREDENTIALS,
)
RETRIEVE = Operation("rooms.retrieve", "GET", "/rooms/{room_id}", response="Room", credentials=ROOM_CREDENTIALS)
UPDATE = Operation(
    "rooms.update",
    "POST",
    "/rooms/{room_id}",
    body=lambda: models.rooms.RoomUpdate,
    response="Room",
    credentials=ROOM_CREDENTIALS,
)


class Rooms(Resource):
    """Operations under /rooms."""

    def create(
        self, body: ObjectBody | None = None, query: Query = (), **members: "Unpack[RoomCreateParams]"
    ) -> Response:
        """Create a room, or overwrite the configuration of the room that has this name.

        Args:
            body: a `RoomCreate`, or a mapping of its members.
            members: members of the body as keyword arguments, instead of `body`.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/Rooms/create-via-api
        """
        return self._call(CREATE, query=query, body=body, members=members)

    def check_create(self, body: ObjectBody) -> None:
        """Validate a body for `create` without sending it.

        Raises:
            BadRequestError: Validation rejects the body.
        """
        self._requester.check_body(CREATE, body)

    def list(self, query: Query = ()) -> Response:
        """List rooms of the workspace, newest first, one page per call.

        Args:
            query: a `RoomListQuery`, or its members.

        https://www.100ms.live/docs/server-side/v2/api-reference/Rooms/list-rooms
        """
        return self._call(LIST, query=query)

    def iterate(
        self, query: Query = (), *, max_items: int | None = None, **filters: object
    ) -> Iterator[dict[str, Any]]:
        """Yield the rooms of all pages, newest first. Takes the parameters of `list`.

        Raises:
            HmsError: 100ms responded with an error status.
        """
        return self._iterate(self.list, query, filters, max_items=max_items)

    def retrieve(self, room_id: str, query: Query = ()) -> Response:
        """Fetch one room by id.

        https://www.100ms.live/docs/server-side/v2/api-reference/Rooms/retrieve-room
        """
        return self._call(RETRIEVE, room_id=room_id, query=query)

    def update(
        self, room_id: str, body: ObjectBody | None = None, query: Query = (), **members: "Unpack[RoomUpdateParams]"
    ) -> Response:
        """Update the configuration of a room, or enable or disable it.

        Args:
            room_id: id of the room.
            body: a `RoomUpdate`, or a mapping of its members.
            members: members of the body as keyword arguments, instead of `body`.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/Rooms/update-a-room
        """
        return self._call(UPDATE, room_id=room_id, query=query, body=body, members=members)

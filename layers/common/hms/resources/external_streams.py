"""External (RTMP) streams: one method per operation."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Unpack

from hms import models
from hms.operation import Credential, Operation
from hms.resources.resource import Resource
from hms.types import ObjectBody, Query, Response

if TYPE_CHECKING:
    from hms.params.external_streams import ExternalStreamStartParams

STREAM_CREDENTIALS = (Credential("meeting_url"), Credential("rtmp_urls"))

START = Operation(
    "external_streams.start",
    "POST",
    "/external-streams/room/{room_id}/start",
    body=lambda: models.external_streams.ExternalStreamStart,
    response="ExternalStream",
    credentials=STREAM_CREDENTIALS,
)
STOP_ROOM = Operation(
    "external_streams.stop_room",
    "POST",
    "/external-streams/room/{room_id}/stop",
    response="StoppedExternalStreams",
    credentials=STREAM_CREDENTIALS,
)
STOP = Operation(
    "external_streams.stop",
    "POST",
    "/external-streams/{stream_id}/stop",
    response="ExternalStream",
    credentials=STREAM_CREDENTIALS,
)
LIST = Operation(
    "external_streams.list",
    "GET",
    "/external-streams",
    query=lambda: models.external_streams.ExternalStreamListQuery,
    response="ExternalStreamPage",
    credentials=STREAM_CREDENTIALS,
)
RETRIEVE = Operation(
    "external_streams.retrieve",
    "GET",
    "/external-streams/{stream_id}",
    response="ExternalStream",
    credentials=STREAM_CREDENTIALS,
)


class ExternalStreams(Resource):
    """Operations under /external-streams."""

    def start(
        self,
        room_id: str,
        body: ObjectBody | None = None,
        query: Query = (),
        **members: "Unpack[ExternalStreamStartParams]",
    ) -> Response:
        """Stream a room to RTMP servers.

        Args:
            room_id: id of the room.
            body: an `ExternalStreamStart`, or a mapping of its members.
            members: members of the body as keyword arguments, instead of `body`.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/external-streams/start-external-stream-for-room
        """
        return self._call(START, room_id=room_id, query=query, body=body, members=members)

    def stop_room(self, room_id: str, query: Query = ()) -> Response:
        """Stop all external streams of a room.

        Args:
            room_id: id of the room.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/external-streams/overview
        """
        return self._call(STOP_ROOM, room_id=room_id, query=query)

    def stop(self, stream_id: str, query: Query = ()) -> Response:
        """Stop one external stream.

        Args:
            stream_id: id of the stream.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/external-streams/overview
        """
        return self._call(STOP, stream_id=stream_id, query=query)

    def list(self, query: Query = ()) -> Response:
        """List external streams of the workspace, one page per call.

        Args:
            query: an `ExternalStreamListQuery`, or its members.

        https://www.100ms.live/docs/server-side/v2/api-reference/external-streams/list-all-external-streams
        """
        return self._call(LIST, query=query)

    def iterate(
        self, query: Query = (), *, max_items: int | None = None, **filters: object
    ) -> Iterator[dict[str, Any]]:
        """Yield the external streams of all pages. Takes the parameters of `list`.

        Raises:
            HmsError: 100ms responded with an error status.
        """
        return self._iterate(self.list, query, filters, max_items=max_items)

    def retrieve(self, stream_id: str, query: Query = ()) -> Response:
        """Fetch one external stream.

        Args:
            stream_id: id of the stream.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/external-streams/overview
        """
        return self._call(RETRIEVE, stream_id=stream_id, query=query)

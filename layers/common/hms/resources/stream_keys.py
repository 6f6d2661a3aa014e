"""Stream keys: one method per operation."""

from hms.operation import Operation
from hms.resources.resource import Resource
from hms.types import Query, Response

CREATE = Operation(
    "stream_keys.create",
    "POST",
    "/stream-keys/room/{room_id}",
    response="StreamKey",
    credential_reason="the caller requests a stream key",
)
RETRIEVE = Operation(
    "stream_keys.retrieve",
    "GET",
    "/stream-keys/room/{room_id}",
    response="StreamKeyList",
    credential_reason="the caller requests a stream key",
)
DISABLE = Operation("stream_keys.disable", "POST", "/stream-keys/room/{room_id}/disable", response="MessageOnly")


class StreamKeys(Resource):
    """Operations under /stream-keys."""

    def create(self, room_id: str, query: Query = ()) -> Response:
        """Create the RTMP ingest key and URL of a room.

        Args:
            room_id: id of the room.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/stream-key/create-rtmp-stream-key
        """
        return self._call(CREATE, room_id=room_id, query=query)

    def retrieve(self, room_id: str, query: Query = ()) -> Response:
        """Fetch the active RTMP ingest key of a room.

        Args:
            room_id: id of the room.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/stream-key/get-rtmp-stream-key
        """
        return self._call(RETRIEVE, room_id=room_id, query=query)

    def disable(self, room_id: str, query: Query = ()) -> Response:
        """Disable the room's active RTMP ingest key.

        Args:
            room_id: id of the room.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/stream-key/disable-rtmp-stream-key
        """
        return self._call(DISABLE, room_id=room_id, query=query)

"""External (RTMP) streams: one method an operation of the REST API."""

from hms.api.section import Section
from hms.client import ObjectBody, Query, Reply


class ExternalStreams(Section):
    """Operations under /external-streams."""

    def start(self, room_id: str, body: ObjectBody, query: Query = ()) -> Reply:
        """Begin streaming a room to RTMP targets.

        https://www.100ms.live/docs/server-side/v2/api-reference/external-streams/start-external-stream-for-room
        """
        return self._call("POST", "external-streams", "room", room_id, "start", query=query, body=body)

    def stop_room(self, room_id: str, query: Query = ()) -> Reply:
        """End every external stream of a room.

        https://www.100ms.live/docs/server-side/v2/api-reference/external-streams/overview
        """
        return self._call("POST", "external-streams", "room", room_id, "stop", query=query)

    def stop(self, stream_id: str, query: Query = ()) -> Reply:
        """End one external stream.

        https://www.100ms.live/docs/server-side/v2/api-reference/external-streams/overview
        """
        return self._call("POST", "external-streams", stream_id, "stop", query=query)

    def list(self, query: Query = ()) -> Reply:
        """Page through external streams of the workspace.

        https://www.100ms.live/docs/server-side/v2/api-reference/external-streams/list-all-external-streams
        """
        return self._call("GET", "external-streams", query=query)

    def retrieve(self, stream_id: str, query: Query = ()) -> Reply:
        """Read one external stream.

        https://www.100ms.live/docs/server-side/v2/api-reference/external-streams/overview
        """
        return self._call("GET", "external-streams", stream_id, query=query)

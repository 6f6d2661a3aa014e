"""External (RTMP) streams: one method an operation of the REST API."""

from collections.abc import Iterator
from typing import Any

from hms.api.section import Section
from hms.client import ObjectBody, Query, Reply


class ExternalStreams(Section):
    """Operations under /external-streams."""

    def start(self, room_id: str, body: ObjectBody, query: Query = ()) -> Reply:
        """Begin streaming a room to RTMP targets.

        Args:
            room_id: id of the room.
            body: an `ExternalStreamStart`, or its members.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/external-streams/start-external-stream-for-room
        """
        return self._call(
            "POST",
            "external-streams",
            "room",
            room_id,
            "start",
            query=query,
            body=body,
            body_model="ExternalStreamStart",
        )

    def stop_room(self, room_id: str, query: Query = ()) -> Reply:
        """End every external stream of a room.

        Args:
            room_id: id of the room.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/external-streams/overview
        """
        return self._call("POST", "external-streams", "room", room_id, "stop", query=query)

    def stop(self, stream_id: str, query: Query = ()) -> Reply:
        """End one external stream.

        Args:
            stream_id: id of the stream.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/external-streams/overview
        """
        return self._call("POST", "external-streams", stream_id, "stop", query=query)

    def list(self, query: Query = ()) -> Reply:
        """Page through external streams of the workspace.

        Args:
            query: an `ExternalStreamListQuery`, or its members.

        https://www.100ms.live/docs/server-side/v2/api-reference/external-streams/list-all-external-streams
        """
        return self._call("GET", "external-streams", query=query, query_model="ExternalStreamListQuery")

    def iterate(
        self, query: Query = (), *, max_items: int | None = None, **filters: object
    ) -> Iterator[dict[str, Any]]:
        """The external streams of all pages; as `list`, and raises `HmsError` for an answer that is no success."""
        return self._iterate(self.list, query, filters, max_items=max_items)

    def retrieve(self, stream_id: str, query: Query = ()) -> Reply:
        """Read one external stream.

        Args:
            stream_id: id of the stream.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/external-streams/overview
        """
        return self._call("GET", "external-streams", stream_id, query=query)

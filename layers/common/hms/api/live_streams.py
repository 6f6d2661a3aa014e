"""Live (HLS) streams: one method an operation of the REST API."""

from collections.abc import Iterator
from typing import Any

from hms.api.section import Section
from hms.client import ObjectBody, Query, Reply


class LiveStreams(Section):
    """Operations under /live-streams."""

    def start(self, room_id: str, body: ObjectBody | None = None, query: Query = ()) -> Reply:
        """Begin an HLS stream of a room.

        Args:
            room_id: id of the room.
            body: a `LiveStreamStart`, or its members.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/live-streams/start-live-stream-for-room
        """
        return self._call(
            "POST", "live-streams", "room", room_id, "start", query=query, body=body, body_model="LiveStreamStart"
        )

    def stop_room(self, room_id: str, query: Query = ()) -> Reply:
        """End every live stream of a room.

        Args:
            room_id: id of the room.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/live-streams/stop-live-stream-for-room
        """
        return self._call("POST", "live-streams", "room", room_id, "stop", query=query)

    def stop(self, stream_id: str, query: Query = ()) -> Reply:
        """End one live stream.

        Args:
            stream_id: id of the stream.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/live-streams/stop-live-stream-by-id
        """
        return self._call("POST", "live-streams", stream_id, "stop", query=query)

    def send_timed_metadata(self, stream_id: str, body: ObjectBody, query: Query = ()) -> Reply:
        """Inject timed metadata in a running live stream.

        Args:
            stream_id: id of the stream.
            body: a `TimedMetadata`, or its members.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/live-streams/send-timed-metadata
        """
        return self._call(
            "POST", "live-streams", stream_id, "timed-metadata", query=query, body=body, body_model="TimedMetadata"
        )

    def pause_recording(self, stream_id: str, query: Query = ()) -> Reply:
        """Suspend the recording of a live stream.

        Args:
            stream_id: id of the stream.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/live-streams/pause-live-stream-recording
        """
        return self._call("POST", "live-streams", stream_id, "pause-recording", query=query)

    def resume_recording(self, stream_id: str, query: Query = ()) -> Reply:
        """Continue a suspended live stream recording.

        Args:
            stream_id: id of the stream.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/live-streams/resume-live-stream-recording
        """
        return self._call("POST", "live-streams", stream_id, "resume-recording", query=query)

    def list(self, query: Query = ()) -> Reply:
        """Page through live streams of the workspace.

        Args:
            query: a `LiveStreamListQuery`, or its members.

        https://www.100ms.live/docs/server-side/v2/api-reference/live-streams/list-all-live-streams
        """
        return self._call("GET", "live-streams", query=query, query_model="LiveStreamListQuery")

    def iterate(
        self, query: Query = (), *, max_items: int | None = None, **filters: object
    ) -> Iterator[dict[str, Any]]:
        """The live streams of all pages; as `list`, and raises `HmsError` for an answer that is no success."""
        return self._iterate(self.list, query, filters, max_items=max_items)

    def retrieve(self, stream_id: str, query: Query = ()) -> Reply:
        """Read one live stream.

        Args:
            stream_id: id of the stream.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/live-streams/get-live-stream
        """
        return self._call("GET", "live-streams", stream_id, query=query)

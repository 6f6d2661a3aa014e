"""Live (HLS) streams: one method per operation."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Unpack

from hms import models
from hms.operation import Credential, Operation
from hms.resources.resource import Resource
from hms.types import ObjectBody, Query, Response

if TYPE_CHECKING:
    from hms.params.live_streams import LiveStreamStartParams, TimedMetadataParams

STREAM_CREDENTIALS = (Credential("meeting_url"),)

START = Operation(
    "live_streams.start",
    "POST",
    "/live-streams/room/{room_id}/start",
    body=lambda: models.live_streams.LiveStreamStart,
    body_required=False,
    response="LiveStream",
    credentials=STREAM_CREDENTIALS,
)
STOP_ROOM = Operation(
    "live_streams.stop_room",
    "POST",
    "/live-streams/room/{room_id}/stop",
    response="StoppedLiveStreams",
    credentials=STREAM_CREDENTIALS,
)
STOP = Operation(
    "live_streams.stop", "POST", "/live-streams/{stream_id}/stop", response="LiveStream", credentials=STREAM_CREDENTIALS
)
SEND_TIMED_METADATA = Operation(
    "live_streams.send_timed_metadata",
    "POST",
    "/live-streams/{stream_id}/timed-metadata",
    body=lambda: models.live_streams.TimedMetadata,
    response="LiveStream",
    credentials=STREAM_CREDENTIALS,
)
PAUSE_RECORDING = Operation(
    "live_streams.pause_recording",
    "POST",
    "/live-streams/{stream_id}/pause-recording",
    response="LiveStream",
    credentials=STREAM_CREDENTIALS,
)
RESUME_RECORDING = Operation(
    "live_streams.resume_recording",
    "POST",
    "/live-streams/{stream_id}/resume-recording",
    response="LiveStream",
    credentials=STREAM_CREDENTIALS,
)
LIST = Operation(
    "live_streams.list",
    "GET",
    "/live-streams",
    query=lambda: models.live_streams.LiveStreamListQuery,
    response="LiveStreamPage",
    credentials=STREAM_CREDENTIALS,
)
RETRIEVE = Operation(
    "live_streams.retrieve", "GET", "/live-streams/{stream_id}", response="LiveStream", credentials=STREAM_CREDENTIALS
)


class LiveStreams(Resource):
    """Operations under /live-streams."""

    def start(
        self,
        room_id: str,
        body: ObjectBody | None = None,
        query: Query = (),
        **members: "Unpack[LiveStreamStartParams]",
    ) -> Response:
        """Start an HLS stream of a room.

        Args:
            room_id: id of the room.
            body: a `LiveStreamStart`, or a mapping of its members.
            members: members of the body as keyword arguments, instead of `body`.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/live-streams/start-live-stream-for-room
        """
        return self._call(START, room_id=room_id, query=query, body=body, members=members)

    def stop_room(self, room_id: str, query: Query = ()) -> Response:
        """Stop all live streams of a room.

        Args:
            room_id: id of the room.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/live-streams/stop-live-stream-for-room
        """
        return self._call(STOP_ROOM, room_id=room_id, query=query)

    def stop(self, stream_id: str, query: Query = ()) -> Response:
        """Stop one live stream.

        Args:
            stream_id: id of the stream.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/live-streams/stop-live-stream-by-id
        """
        return self._call(STOP, stream_id=stream_id, query=query)

    def send_timed_metadata(
        self,
        stream_id: str,
        body: ObjectBody | None = None,
        query: Query = (),
        **members: "Unpack[TimedMetadataParams]",
    ) -> Response:
        """Send timed metadata to the viewers of a live stream.

        Args:
            stream_id: id of the stream.
            body: a `TimedMetadata`, or a mapping of its members.
            members: members of the body as keyword arguments, instead of `body`.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/live-streams/send-timed-metadata
        """
        return self._call(SEND_TIMED_METADATA, stream_id=stream_id, query=query, body=body, members=members)

    def pause_recording(self, stream_id: str, query: Query = ()) -> Response:
        """Pause the recording of a live stream.

        Args:
            stream_id: id of the stream.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/live-streams/pause-live-stream-recording
        """
        return self._call(PAUSE_RECORDING, stream_id=stream_id, query=query)

    def resume_recording(self, stream_id: str, query: Query = ()) -> Response:
        """Resume the paused recording of a live stream.

        Args:
            stream_id: id of the stream.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/live-streams/resume-live-stream-recording
        """
        return self._call(RESUME_RECORDING, stream_id=stream_id, query=query)

    def list(self, query: Query = ()) -> Response:
        """List live streams of the workspace, one page per call.

        Args:
            query: a `LiveStreamListQuery`, or its members.

        https://www.100ms.live/docs/server-side/v2/api-reference/live-streams/list-all-live-streams
        """
        return self._call(LIST, query=query)

    def iterate(
        self, query: Query = (), *, max_items: int | None = None, **filters: object
    ) -> Iterator[dict[str, Any]]:
        """Yield the live streams of all pages. Takes the parameters of `list`.

        Raises:
            HmsError: 100ms responded with an error status.
        """
        return self._iterate(self.list, query, filters, max_items=max_items)

    def retrieve(self, stream_id: str, query: Query = ()) -> Response:
        """Fetch one live stream.

        Args:
            stream_id: id of the stream.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/live-streams/get-live-stream
        """
        return self._call(RETRIEVE, stream_id=stream_id, query=query)

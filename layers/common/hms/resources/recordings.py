"""Recordings: one method per operation."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Unpack

from hms import models
from hms.operation import Credential, Operation
from hms.resources.resource import Resource
from hms.types import ObjectBody, Query, Response

if TYPE_CHECKING:
    from hms.params.recordings import RecordingStartParams

RECORDING_CREDENTIALS = (Credential("meeting_url"),)

START = Operation(
    "recordings.start",
    "POST",
    "/recordings/room/{room_id}/start",
    body=lambda: models.recordings.RecordingStart,
    body_required=False,
    response="Recording",
    credentials=RECORDING_CREDENTIALS,
)
STOP_ROOM = Operation(
    "recordings.stop_room",
    "POST",
    "/recordings/room/{room_id}/stop",
    response="RecordingList",
    credentials=RECORDING_CREDENTIALS,
)
PAUSE = Operation(
    "recordings.pause",
    "POST",
    "/recordings/room/{room_id}/pause",
    response="Recording",
    credentials=RECORDING_CREDENTIALS,
)
RESUME = Operation(
    "recordings.resume",
    "POST",
    "/recordings/room/{room_id}/resume",
    response="Recording",
    credentials=RECORDING_CREDENTIALS,
)
STOP = Operation(
    "recordings.stop",
    "POST",
    "/recordings/{recording_id}/stop",
    response="Recording",
    credentials=RECORDING_CREDENTIALS,
)
RETRIEVE = Operation(
    "recordings.retrieve", "GET", "/recordings/{recording_id}", response="Recording", credentials=RECORDING_CREDENTIALS
)
RETRIEVE_CONFIG = Operation(
    "recordings.retrieve_config", "GET", "/recordings/{recording_id}/config", credentials=(Credential(""),)
)
LIST = Operation(
    "recordings.list",
    "GET",
    "/recordings",
    query=lambda: models.recordings.RecordingListQuery,
    response="RecordingList",
    credentials=RECORDING_CREDENTIALS,
)


class Recordings(Resource):
    """Operations under /recordings."""

    def start(
        self, room_id: str, body: ObjectBody | None = None, query: Query = (), **members: "Unpack[RecordingStartParams]"
    ) -> Response:
        """Start a recording of a room as a browser shows it.

        Args:
            room_id: id of the room.
            body: a `RecordingStart`, or a mapping of its members.
            members: members of the body as keyword arguments, instead of `body`.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/recordings/start-recording-for-room
        """
        return self._call(START, room_id=room_id, query=query, body=body, members=members)

    def stop_room(self, room_id: str, query: Query = ()) -> Response:
        """Stop all recordings of a room.

        Args:
            room_id: id of the room.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/recordings/stop-recording-for-room
        """
        return self._call(STOP_ROOM, room_id=room_id, query=query)

    def pause(self, room_id: str, query: Query = ()) -> Response:
        """Pause the room's running recording.

        Args:
            room_id: id of the room.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/recordings/pause-recording-for-room
        """
        return self._call(PAUSE, room_id=room_id, query=query)

    def resume(self, room_id: str, query: Query = ()) -> Response:
        """Resume the room's paused recording.

        Args:
            room_id: id of the room.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/recordings/resume-recording-for-room
        """
        return self._call(RESUME, room_id=room_id, query=query)

    def stop(self, recording_id: str, query: Query = ()) -> Response:
        """Stop one recording by id.

        Args:
            recording_id: id of the recording.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/recordings/stop-recording-by-id
        """
        return self._call(STOP, recording_id=recording_id, query=query)

    def retrieve(self, recording_id: str, query: Query = ()) -> Response:
        """Fetch one recording with its assets.

        Args:
            recording_id: id of the recording.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/recordings/get-recording
        """
        return self._call(RETRIEVE, recording_id=recording_id, query=query)

    def retrieve_config(self, recording_id: str, query: Query = ()) -> Response:
        """Fetch the configuration of a recording.

        Args:
            recording_id: id of the recording.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/recordings/overview
        """
        return self._call(RETRIEVE_CONFIG, recording_id=recording_id, query=query)

    def list(self, query: Query = ()) -> Response:
        """List recordings of the workspace, one page per call.

        Args:
            query: a `RecordingListQuery`, or its members.

        https://www.100ms.live/docs/server-side/v2/api-reference/recordings/list-all-recordings
        """
        return self._call(LIST, query=query)

    def iterate(
        self, query: Query = (), *, max_items: int | None = None, **filters: object
    ) -> Iterator[dict[str, Any]]:
        """Yield the recordings of all pages. Takes the parameters of `list`.

        Raises:
            HmsError: 100ms responded with an error status.
        """
        return self._iterate(self.list, query, filters, max_items=max_items)

"""Recordings: one method an operation of the REST API."""

from collections.abc import Iterator
from typing import Any

from hms.api.section import Section
from hms.client import ObjectBody, Query, Reply


class Recordings(Section):
    """Operations under /recordings."""

    def start(self, room_id: str, body: ObjectBody | None = None, query: Query = ()) -> Reply:
        """Start a browser-composite recording job for a room.

        Args:
            room_id: id of the room.
            body: a `RecordingStart`, or its members.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/recordings/start-recording-for-room
        """
        return self._call(
            "POST", "recordings", "room", room_id, "start", query=query, body=body, body_model="RecordingStart"
        )

    def stop_room(self, room_id: str, query: Query = ()) -> Reply:
        """Stop every recording running in a room.

        Args:
            room_id: id of the room.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/recordings/stop-recording-for-room
        """
        return self._call("POST", "recordings", "room", room_id, "stop", query=query)

    def pause(self, room_id: str, query: Query = ()) -> Reply:
        """Pause the room's running recording.

        Args:
            room_id: id of the room.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/recordings/pause-recording-for-room
        """
        return self._call("POST", "recordings", "room", room_id, "pause", query=query)

    def resume(self, room_id: str, query: Query = ()) -> Reply:
        """Resume the room's paused recording.

        Args:
            room_id: id of the room.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/recordings/resume-recording-for-room
        """
        return self._call("POST", "recordings", "room", room_id, "resume", query=query)

    def stop(self, recording_id: str, query: Query = ()) -> Reply:
        """Stop one recording by id.

        Args:
            recording_id: id of the recording.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/recordings/stop-recording-by-id
        """
        return self._call("POST", "recordings", recording_id, "stop", query=query)

    def retrieve(self, recording_id: str, query: Query = ()) -> Reply:
        """Fetch one recording job with its assets.

        Args:
            recording_id: id of the recording.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/recordings/get-recording
        """
        return self._call("GET", "recordings", recording_id, query=query)

    def retrieve_config(self, recording_id: str, query: Query = ()) -> Reply:
        """Fetch the configuration of a recording.

        Args:
            recording_id: id of the recording.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/recordings/overview
        """
        return self._call("GET", "recordings", recording_id, "config", query=query)

    def list(self, query: Query = ()) -> Reply:
        """List recording jobs of the workspace, a page a call.

        Args:
            query: a `RecordingListQuery`, or its members.

        https://www.100ms.live/docs/server-side/v2/api-reference/recordings/list-all-recordings
        """
        return self._call("GET", "recordings", query=query, query_model="RecordingListQuery")

    def iterate(
        self, query: Query = (), *, max_items: int | None = None, **filters: object
    ) -> Iterator[dict[str, Any]]:
        """The recordings of all pages; as `list`, and raises `HmsError` for an answer that is no success."""
        return self._iterate(self.list, query, filters, max_items=max_items)

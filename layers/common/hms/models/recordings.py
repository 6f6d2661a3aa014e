"""Recordings: https://www.100ms.live/docs/server-side/v2/api-reference/recordings/overview"""

from typing import Literal

from hms.models.base import Model
from hms.models.query import PageQuery
from hms.models.transcription import Transcription


class RecordingResolution(Model):
    """Resolution of the video. 100ms documents no range.

    Attributes:
        width: width in pixels; 100ms's default is 1280.
        height: height in pixels; 100ms's default is 720.
    """

    width: int | None = None
    height: int | None = None


class RecordingStart(Model):
    """Settings of a recording. The room's template supplies missing settings.

    https://www.100ms.live/docs/server-side/v2/api-reference/recordings/start-recording-for-room

    Attributes:
        meeting_url: URL that joins the room without user input. Required if the template has no subdomain or
            recording is off.
        resolution: resolution of the video.
        destination: name of a destination of the template. Required if the template has several.
        audio_only: whether to record only audio.
        transcription: transcription of the recording.
    """

    response_fields = frozenset(
        {"id", "room_id", "session_id", "status", "asset_types", "recording_assets", "created_at"}
    )
    response_fields |= {"started_at", "started_by", "stopped_at", "stopped_by", "updated_at"}

    meeting_url: str | None = None
    resolution: RecordingResolution | None = None
    destination: str | None = None
    audio_only: bool | None = None
    transcription: Transcription | None = None


class RecordingListQuery(PageQuery):
    """Filters for recordings.

    https://www.100ms.live/docs/server-side/v2/api-reference/recordings/list-all-recordings

    Attributes:
        room_id: id of the room.
        session_id: id of the session.
        status: status of the recordings.
    """

    room_id: str | None = None
    session_id: str | None = None
    status: Literal["starting", "running", "stopping", "post_processing", "completed", "failed"] | None = None

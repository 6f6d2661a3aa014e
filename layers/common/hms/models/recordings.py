"""Recordings: https://www.100ms.live/docs/server-side/v2/api-reference/recordings/overview"""

from typing import Literal

from hms.models.base import Model
from hms.models.query import PageQuery
from hms.models.transcription import Transcription


class RecordingResolution(Model):
    """Size of the picture; 100ms names no range here.

    Attributes:
        width: pixels; 100ms's default is 1280.
        height: pixels; 100ms's default is 720.
    """

    width: int | None = None
    height: int | None = None


class RecordingStart(Model):
    """How a room is recorded; what is left out follows the room's template.

    https://www.100ms.live/docs/server-side/v2/api-reference/recordings/start-recording-for-room

    Attributes:
        meeting_url: URL that enters the room directly; needed where the template has no subdomain, or recording is off.
        resolution: size of the picture.
        destination: name of the template's destination; needed where it has several.
        audio_only: whether there is no picture.
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
    """Which recordings a list shows.

    https://www.100ms.live/docs/server-side/v2/api-reference/recordings/list-all-recordings

    Attributes:
        room_id: only those of this room.
        session_id: only those of this session.
        status: only those in this state.
    """

    room_id: str | None = None
    session_id: str | None = None
    status: Literal["starting", "running", "stopping", "post_processing", "completed", "failed"] | None = None

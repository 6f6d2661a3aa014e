"""Common members of external and live streams: settings of a start and filters of a list."""

from typing import Literal

from hms.models.base import Model
from hms.models.query import PageQuery


class StreamStart(Model):
    """Common settings of a stream. The room's template supplies missing settings.

    Attributes:
        meeting_url: URL that joins the room without user input. Required if the template has no subdomain or
            streaming is off.
        destination: name of a destination of the template. Required if the template has several.
    """

    response_fields = frozenset(
        {"id", "room_id", "session_id", "status", "recording_assets", "created_at", "updated_at"}
    )
    response_fields |= {"started_at", "started_by", "stopped_at", "stopped_by"}

    meeting_url: str | None = None
    destination: str | None = None


class StreamListQuery(PageQuery):
    """Filters for streams.

    Attributes:
        room_id: id of the room.
        session_id: id of the session.
        status: status of the streams.
    """

    room_id: str | None = None
    session_id: str | None = None
    status: Literal["starting", "running", "stopping", "post_processing", "completed", "failed"] | None = None

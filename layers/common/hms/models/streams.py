"""What external and live streams share: the members of every start, and the filters of every list."""

from typing import Literal

from hms.models.base import Model
from hms.models.query import PageQuery


class StreamStart(Model):
    """What every start names; what is left out follows the room's template.

    Attributes:
        meeting_url: URL that enters the room directly; needed where the template has no subdomain, or streaming is off.
        destination: name of the template's destination; needed where it has several.
    """

    response_fields = frozenset(
        {"id", "room_id", "session_id", "status", "recording_assets", "created_at", "updated_at"}
    )
    response_fields |= {"started_at", "started_by", "stopped_at", "stopped_by"}

    meeting_url: str | None = None
    destination: str | None = None


class StreamListQuery(PageQuery):
    """Which streams a list shows.

    Attributes:
        room_id: only those of this room.
        session_id: only those of this session.
        status: only those in this state.
    """

    room_id: str | None = None
    session_id: str | None = None
    status: Literal["starting", "running", "stopping", "post_processing", "completed", "failed"] | None = None

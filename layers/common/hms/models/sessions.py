"""Sessions: https://www.100ms.live/docs/server-side/v2/api-reference/Sessions/list-sessions"""

from hms.models.query import Flag, Instant, PageQuery


class SessionListQuery(PageQuery):
    """Filters for sessions.

    https://www.100ms.live/docs/server-side/v2/api-reference/Sessions/list-sessions

    Attributes:
        active: whether to list only active or only ended sessions; default: both.
        room_id: id of the room.
        after: earliest start of the sessions.
        before: latest start of the sessions.
    """

    active: Flag | None = None
    room_id: str | None = None
    after: Instant | None = None
    before: Instant | None = None

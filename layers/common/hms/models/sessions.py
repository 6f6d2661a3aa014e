"""Sessions: https://www.100ms.live/docs/server-side/v2/api-reference/Sessions/list-sessions"""

from hms.models.query import Flag, Instant, PageQuery


class SessionListQuery(PageQuery):
    """Which sessions a list shows.

    https://www.100ms.live/docs/server-side/v2/api-reference/Sessions/list-sessions

    Attributes:
        active: only running or only finished ones; both where it is left out.
        room_id: only those of this room.
        after: started at or after this instant.
        before: started at or before this instant.
    """

    active: Flag | None = None
    room_id: str | None = None
    after: Instant | None = None
    before: Instant | None = None

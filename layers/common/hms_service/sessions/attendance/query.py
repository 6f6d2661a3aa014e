"""Attendance, which this service answers itself."""

from typing import Annotated

from pydantic import Field

from hms.models.query import Integer, PageQuery


class AttendanceQuery(PageQuery):
    """Which page of a session's attendance. Each page costs a read of the whole session, so pages may be larger.

    Attributes:
        limit: attendees a page, 10 to 1,000.
        start: `last` of the page before.
    """

    limit: Annotated[Integer, Field(ge=10, le=1000)] | None = None

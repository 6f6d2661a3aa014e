"""Query of the attendance route."""

from typing import Annotated

from pydantic import Field

from hms.models.query import Integer, PageQuery


class AttendanceQuery(PageQuery):
    """Page of a session's attendance. Pages are large, because each page reads the whole session.

    Attributes:
        limit: attendees per page, 10 to 1,000.
        start: `last` of the previous page.
    """

    limit: Annotated[Integer, Field(ge=10, le=1000)] | None = None

"""Share code between the routes of all jobs: the filters of lists, and the response of a room-wide stop."""

from collections.abc import Iterable
from typing import Any

from simulator.jobs.job import JobFilter
from simulator.paging import DEFAULT_LIMIT
from simulator.request_parsing import query_text

Json = dict[str, Any]


def job_filter() -> JobFilter:
    """Return the filters of a list."""
    return JobFilter(room_id=query_text("room_id"), session_id=query_text("session_id"), status=query_text("status"))


def stopped_page(streams: Iterable[Json]) -> Json:
    """Return the response of a room-wide stop, for one or more stopped streams."""
    data = list(streams)
    # assumed: returns every stopped stream, whatever their number, and an empty error.
    return {"error": "", "data": data, "limit": DEFAULT_LIMIT, "last": data[-1]["id"]}

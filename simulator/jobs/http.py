"""What the routes of every kind of job read from a request, and the answer of a room-wide stop."""

from collections.abc import Iterable
from typing import Any

from simulator.jobs.job import JobFilter
from simulator.paging import DEFAULT_LIMIT
from simulator.request_parsing import query_text

Json = dict[str, Any]


def job_filter() -> JobFilter:
    """The filters of a list."""
    return JobFilter(room_id=query_text("room_id"), session_id=query_text("session_id"), status=query_text("status"))


def stopped_page(streams: Iterable[Json]) -> Json:
    """The streams that a room-wide stop ended, of which there is at least one."""
    data = list(streams)
    # assumed: a room-wide stop answers with all it stopped, whatever their number, and with an empty error.
    return {"error": "", "data": data, "limit": DEFAULT_LIMIT, "last": data[-1]["id"]}

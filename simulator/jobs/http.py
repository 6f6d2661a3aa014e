"""Share code between the routes of all jobs: the body of a start, the filters of lists, the response of a stop."""

from collections.abc import Iterable
from typing import Any

from flask import request

from simulator.errors import BadRequest, InvalidJson
from simulator.jobs.job import JobFilter
from simulator.paging import DEFAULT_LIMIT
from simulator.request_parsing import optional_json_body, query_text

Json = dict[str, Any]


def start_body() -> Json:
    """Return the body of a start call. Raises BadRequest if it is empty or not a JSON object."""
    # [jobs.empty-body] from a test suite of a client. [jobs.empty-stream-body] a guess, by analogy.
    if not request.get_data().strip():
        raise BadRequest("request body must not be empty")
    try:
        return optional_json_body()
    except InvalidJson as error:
        # [jobs.broken-json] from a test suite of a client for recordings.
        # [jobs.position-of-broken-json] the position is that of Python's parser, and is absent if that has none.
        position = "" if error.position is None else f" (at position {error.position})"
        raise BadRequest(f"request body contains badly-formed JSON{position}") from error


def job_filter() -> JobFilter:
    """Return the filters of a list."""
    return JobFilter(room_id=query_text("room_id"), session_id=query_text("session_id"), status=query_text("status"))


def stopped_page(streams: Iterable[Json]) -> Json:
    """Return the response of a room-wide stop, for one or more stopped streams."""
    data = list(streams)
    # [jobs.room-wide-stop] returns every stopped stream, whatever their number, and an empty error.
    return {"error": "", "data": data, "limit": DEFAULT_LIMIT, "last": data[-1]["id"]}

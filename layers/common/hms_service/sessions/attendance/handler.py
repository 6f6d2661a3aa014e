"""Handles requests for the attendance of a session, as JSON or CSV."""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from bisect import bisect_right
from dataclasses import asdict, replace

from hms.errors import BadRequestError, NotFoundError, StoreUnavailableError
from hms.types import Response
from hms_service.http.route import Request
from hms_service.sessions.attendance.event import AttendanceEvent
from hms_service.sessions.attendance.report import AttendanceReport, Attendee
from hms_service.sessions.attendance.repository import AttendanceRepository, ReadDeadlineExceededError

WEIGHT = re.compile(r";\s*q=(\d(\.\d*)?)")
VARY_HEADERS = {"vary": "accept"}
LAST_HEADER = "x-last"
DEFAULT_LIMIT = 10


class AttendanceHandler:
    """Returns attendance reports.

    Args:
        repository: reads the events of a session.
    """

    def __init__(self, repository: AttendanceRepository) -> None:
        self._repository = repository

    def retrieve(self, request: Request) -> Response:
        """Retrieve the attendance of a session.

        The response has an entry for each stay of a peer. It is CSV if the request accepts `text/csv`, otherwise JSON.
        With `limit` or `start`, the response is a page.

        Returns:
            200 `{"session_id", "room_id", "started_at", "ended_at", "attendees": [{"peer_id", "user_id", "name",
            "role", "joined_at", "left_at", "duration_seconds"}]}`, or CSV with the columns of `attendees`. A JSON page
            also has `limit` and `last`. A CSV page has the header `x-last`.

        Raises:
            BadRequestError: The query is invalid.
            NotFoundError: No event of the session was received.
            StoreUnavailableError: DynamoDB is unavailable or did not respond in time.
        """
        session_id, headers = request.path_parameters["session_id"], request.headers
        parameters = dict(request.query)
        if parameters:
            from hms.models.base import check
            from hms_service.sessions.attendance.query import AttendanceQuery

            check(AttendanceQuery, parameters, "query")
        start = _decode_cursor(parameters.get("start", ""))
        events = self._list_events(session_id)
        if not events:
            raise NotFoundError(details=["session_id: no attendance is stored for this session"])
        report = AttendanceReport.from_events(session_id, events)
        page = {}
        if "limit" in parameters or start:
            limit = int(parameters.get("limit", DEFAULT_LIMIT))
            first = bisect_right(report.attendees, start, key=Attendee.sort_key) if start else 0
            report = replace(report, attendees=report.attendees[first : first + limit])
            page = {"limit": limit, "last": _encode_cursor(report.attendees[-1]) if report.attendees else ""}
        if _prefers_csv(headers.get("accept", "")):
            from hms_service.sessions.attendance.csv_export import to_csv

            cursor = {LAST_HEADER: str(page["last"])} if page else {}
            return Response(
                200, to_csv(report.attendees), VARY_HEADERS | cursor, content_type="text/csv; charset=utf-8"
            )
        return Response(200, json.dumps({**asdict(report), **page}, ensure_ascii=False, allow_nan=False), VARY_HEADERS)

    def _list_events(self, session_id: str) -> list[AttendanceEvent]:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return list(self._repository.list_events(session_id))
        except ReadDeadlineExceededError:
            raise StoreUnavailableError("attendance is unavailable", reason="no time left to read it all") from None
        except (BotoCoreError, ClientError) as error:
            raise StoreUnavailableError(
                "attendance is unavailable", reason=f"DynamoDB: {type(error).__name__}"
            ) from None


def _encode_cursor(attendee: Attendee) -> str:
    return urlsafe_b64encode("\n".join(attendee.sort_key()).encode()).decode().rstrip("=")


def _decode_cursor(cursor: str) -> tuple[str, str] | None:
    """Return the sort key in a cursor, or None for the first page."""
    if not cursor:
        return None
    try:
        joined_at, newline, peer_id = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition("\n")
    except ValueError:  # binascii.Error and UnicodeError are ValueErrors
        newline = ""
    if not newline:
        raise BadRequestError("Invalid query", details=["start: must be `last` of the previous page"])
    return joined_at, peer_id


def _prefers_csv(accept: str) -> bool:
    """Return True if the header names CSV and does not prefer JSON."""
    weights = {}
    for choice in accept.lower().split(","):
        weight = WEIGHT.search(choice)
        weights[choice.partition(";")[0].strip()] = float(weight[1]) if weight else 1.0
    return weights.get("text/csv", 0.0) > 0 and weights["text/csv"] >= weights.get("application/json", 0.0)

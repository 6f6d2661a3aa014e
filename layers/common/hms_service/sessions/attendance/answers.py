"""What a caller gets of a session's attendance: JSON, or CSV for a spreadsheet."""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from bisect import bisect_right
from dataclasses import asdict, replace

from hms.errors import BadRequest, NotFound, StoreUnavailable
from hms.settings import UnknownFields
from hms.types import Reply
from hms_service.http.route import Request
from hms_service.sessions.attendance.facts import Fact
from hms_service.sessions.attendance.register import OutOfTime, Register
from hms_service.sessions.attendance.sheet import Attendee, Sheet

WEIGHT = re.compile(r";\s*q=(\d(\.\d*)?)")
VARIES = {"vary": "accept"}
LAST_HEADER = "x-last"
DEFAULT_LIMIT = 10


class Attendance:
    """Answers from the register.

    Args:
        register: the facts by session.
        unknown_fields: what becomes of query parameters that are not known.
    """

    def __init__(self, register: Register, unknown_fields: UnknownFields) -> None:
        self._register = register
        self._unknown_fields = unknown_fields

    def retrieve(self, request: Request) -> Reply:
        """Tell who was in a session from when to when.

        The answer is CSV if the caller accepts `text/csv`, otherwise JSON. It has all attendees, or a page if the query
        has `limit` or `start`.

        Returns:
            200 `{"session_id", "room_id", "started_at", "ended_at", "attendees": [{"peer_id", "user_id", "name",
            "role", "joined_at", "left_at", "duration_seconds"}]}`, or a line an attendee with the same columns. A page
            also has `limit` and `last`, as CSV the header `x-last`.

        Raises:
            BadRequest: the query is invalid.
            NotFound: no event of such a session has come.
            StoreUnavailable: DynamoDB failed, or did not answer in time.
        """
        session_id, headers = request.path_parameters["session_id"], request.headers
        given = dict(request.query)
        if given:
            from hms.models.base import check
            from hms_service.sessions.attendance.query import AttendanceQuery

            check(AttendanceQuery, given, "query", self._unknown_fields)
        start = _cursor_key(given.get("start", ""))
        facts = self._facts(session_id)
        if not facts:
            raise NotFound(details=["no event of such a session has come"])
        sheet = Sheet.of(session_id, facts)
        page = {}
        if "limit" in given or start:
            limit = int(given.get("limit", DEFAULT_LIMIT))
            first = bisect_right(sheet.attendees, start, key=Attendee.key) if start else 0
            sheet = replace(sheet, attendees=sheet.attendees[first : first + limit])
            page = {"limit": limit, "last": _cursor(sheet.attendees[-1]) if sheet.attendees else ""}
        if _wants_csv(headers.get("accept", "")):
            from hms_service.sessions.attendance.csv_text import as_csv

            cursor = {LAST_HEADER: str(page["last"])} if page else {}
            return Reply(200, as_csv(sheet.attendees), VARIES | cursor, content_type="text/csv; charset=utf-8")
        return Reply(200, json.dumps({**asdict(sheet), **page}, ensure_ascii=False, allow_nan=False), VARIES)

    def _facts(self, session_id: str) -> list[Fact]:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return list(self._register.facts(session_id))
        except OutOfTime:
            raise StoreUnavailable("attendance is unavailable", reason="no time is left to read it all") from None
        except (BotoCoreError, ClientError) as error:
            raise StoreUnavailable("attendance is unavailable", reason=f"DynamoDB: {type(error).__name__}") from None


def _cursor(attendee: Attendee) -> str:
    return urlsafe_b64encode("\n".join(attendee.key()).encode()).decode().rstrip("=")


def _cursor_key(cursor: str) -> tuple[str, str] | None:
    """The key of the attendee that a cursor stands for; None: the first page."""
    if not cursor:
        return None
    try:
        joined_at, newline, peer_id = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition("\n")
    except ValueError:  # binascii.Error and UnicodeError are ValueErrors
        newline = ""
    if not newline:
        raise BadRequest("Invalid query", details=["start: must be `last` of the page before"])
    return joined_at, peer_id


def _wants_csv(accept: str) -> bool:
    """Whether CSV is named, and JSON not with more weight."""
    weights = {}
    for choice in accept.lower().split(","):
        weight = WEIGHT.search(choice)
        weights[choice.partition(";")[0].strip()] = float(weight[1]) if weight else 1.0
    return weights.get("text/csv", 0.0) > 0 and weights["text/csv"] >= weights.get("application/json", 0.0)

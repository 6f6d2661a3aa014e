"""What a caller gets of a session's attendance: JSON, or CSV for a spreadsheet."""

import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, fields

from hms.attendance.facts import Fact
from hms.attendance.register import Register
from hms.attendance.sheet import Attendee, Sheet
from hms.client import Reply
from hms.errors import NotFound, StoreUnavailable

COLUMNS = [field.name for field in fields(Attendee)]
FORMULA_STARTS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
"""What makes a spreadsheet take a text for a formula; the last four are the full-width forms of the first."""
WEIGHT = re.compile(r";\s*q=(\d(\.\d*)?)")
VARIES = {"vary": "accept"}


class Attendance:
    """Answers from the register."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def retrieve(self, session_id: str, headers: Mapping[str, str]) -> Reply:
        """Tell who was in a session from when to when.

        As CSV where the caller accepts `text/csv`, otherwise as JSON.

        Args:
            session_id: id of the session.
            headers: the caller's.

        Returns:
            200 `{"session_id", "room_id", "started_at", "ended_at", "attendees": [{"peer_id", "user_id", "name",
            "role", "joined_at", "left_at", "duration_seconds"}]}`, or a line an attendee with the same columns.

        Raises:
            NotFound: no event of such a session has come.
            StoreUnavailable: DynamoDB failed.
        """
        facts = self._facts(session_id)
        if not facts:
            raise NotFound(details=["no event of such a session has come"])
        sheet = Sheet.of(session_id, facts)
        if _wants_csv(headers.get("accept", "")):
            return Reply(200, _as_csv(sheet), VARIES, content_type="text/csv; charset=utf-8")
        return Reply(200, json.dumps(asdict(sheet), allow_nan=False), VARIES)

    def _facts(self, session_id: str) -> list[Fact]:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return list(self._register.facts(session_id))
        except (BotoCoreError, ClientError) as error:
            raise StoreUnavailable("attendance is unavailable", reason=f"DynamoDB: {type(error).__name__}") from None


def _as_csv(sheet: Sheet) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for attendee in sheet.attendees:
        writer.writerow([_cell(value) for value in asdict(attendee).values()])
    return text.getvalue()


def _cell(value: str | int | None) -> str | int | None:
    """The value, disarmed where a spreadsheet would run it: names are what users typed."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def _wants_csv(accept: str) -> bool:
    """Whether CSV is named, and JSON not with more weight."""
    weights = {}
    for choice in accept.lower().split(","):
        weight = WEIGHT.search(choice)
        weights[choice.partition(";")[0].strip()] = float(weight[1]) if weight else 1.0
    return weights.get("text/csv", 0.0) > 0 and weights["text/csv"] >= weights.get("application/json", 0.0)

"""Attendees as CSV that a spreadsheet opens without running what users typed."""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import fields
from operator import attrgetter

from hms_service.sessions.attendance.report import Attendee

BOM = "\ufeff"
"""Excel on Windows reads a file without it in the code page of the machine."""
COLUMNS = [field.name for field in fields(Attendee)]
FORMULA = r"[\s\"\x00-\x1f\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]"
"""What a spreadsheet takes for a formula. The last four are the full-width forms of the first four."""
CELL_START = re.compile(rf"[\t\r\n]|{FORMULA}")
SPLIT = re.compile(rf"([,;|\t\r\n\v\f\x85\u2028\u2029])(?={FORMULA})")
"""A character at which a spreadsheet may split a cell, before a formula. Which ones do depends on the locale."""


def to_csv(attendees: Iterable[Attendee]) -> str:
    """Return a header and a line an attendee, in UTF-8 with a byte order mark."""
    text = io.StringIO()
    text.write(BOM)
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    cells = attrgetter(*COLUMNS)
    for attendee in attendees:
        writer.writerow(map(_cell, cells(attendee)))
    return text.getvalue()


def _cell(value: str | int | None) -> str | int | None:
    """Put an apostrophe before everything in the text that a spreadsheet would run."""
    if not isinstance(value, str):
        return value
    disarmed = SPLIT.sub(r"\1'", value)
    return f"'{disarmed}" if CELL_START.match(value) else disarmed

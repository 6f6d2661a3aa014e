"""Exports attendees as CSV. Text from users cannot run as a formula in a spreadsheet."""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import fields
from operator import attrgetter

from hms_service.sessions.attendance.report import Attendee

BOM = "\ufeff"
"""Byte order mark. Without it, Excel on Windows reads the file in the local code page."""
COLUMNS = [field.name for field in fields(Attendee)]
FORMULA = r"[\s\"\x00-\x1f\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]"
"""Start of a formula in a spreadsheet. The last four characters are the full-width forms of the first four."""
CELL_START = re.compile(rf"[\t\r\n]|{FORMULA}")
SPLIT = re.compile(rf"([,;|\t\r\n\v\f\x85\u2028\u2029])(?={FORMULA})")
"""A separator before a formula. The separators that split a cell depend on the locale of the spreadsheet."""


def to_csv(attendees: Iterable[Attendee]) -> str:
    """Return CSV with a byte order mark, a header and a line for each attendee."""
    text = io.StringIO()
    text.write(BOM)
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    cells = attrgetter(*COLUMNS)
    for attendee in attendees:
        writer.writerow(map(_cell, cells(attendee)))
    return text.getvalue()


def _cell(value: str | int | None) -> str | int | None:
    """Put an apostrophe before each formula in the text."""
    if not isinstance(value, str):
        return value
    disarmed = SPLIT.sub(r"\1'", value)
    return f"'{disarmed}" if CELL_START.match(value) else disarmed

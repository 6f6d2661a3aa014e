"""Parse `Retry-After` headers, including malformed ones."""

import re
import time
from email.utils import mktime_tz, parsedate_tz

MAX_RETRY_AFTER_SECONDS = 3600
PLAIN_TEXT = re.compile(r"[ -~]{1,40}")
"""Accepted `Retry-After` values. The longest HTTP date has 33 characters."""
SECONDS = re.compile(r"[0-9]+(\.[0-9]+)?")


def parse_retry_after(value: str) -> float | None:
    """Parse a `Retry-After` header (https://www.rfc-editor.org/rfc/rfc9110#field.retry-after).

    Args:
        value: seconds or an HTTP date.

    Returns:
        Seconds from now, 0 to 3,600. None if the value is malformed or out of this range.
    """
    if not PLAIN_TEXT.fullmatch(value):
        return None
    try:
        seconds = float(value) if SECONDS.fullmatch(value) else _seconds_until(value)
    except Exception:  # noqa: BLE001, the parser raises undocumented exceptions for malformed dates
        return None
    return seconds if 0 <= seconds <= MAX_RETRY_AFTER_SECONDS else None


def _seconds_until(date: str) -> float:
    parsed = parsedate_tz(date)
    if parsed is None:
        raise ValueError("no date")
    return mktime_tz(parsed) - time.time()

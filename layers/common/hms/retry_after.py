"""Reads `Retry-After`, which a peer may set to anything."""

import re
import time
from email.utils import mktime_tz, parsedate_tz

MAX_RETRY_AFTER_SECONDS = 3600
PLAIN_TEXT = re.compile(r"[ -~]{1,40}")
"""What a `Retry-After` is passed on as: the longest date has 33 characters."""
SECONDS = re.compile(r"[0-9]+(\.[0-9]+)?")


def parse_retry_after(value: str) -> float | None:
    """Reads a `Retry-After` header (https://www.rfc-editor.org/rfc/rfc9110#field.retry-after).

    Args:
        value: seconds or an HTTP date.

    Returns:
        Seconds from now, 0 to 3,600. None if the value is anything else.
    """
    if not PLAIN_TEXT.fullmatch(value):
        return None
    try:
        seconds = float(value) if SECONDS.fullmatch(value) else _seconds_until(value)
    except Exception:  # noqa: BLE001, a date can fail in more ways than its parser documents
        return None
    return seconds if 0 <= seconds <= MAX_RETRY_AFTER_SECONDS else None


def _seconds_until(date: str) -> float:
    parsed = parsedate_tz(date)
    if parsed is None:
        raise ValueError("no date")
    return mktime_tz(parsed) - time.time()

"""Parses ISO 8601 timestamps from 100ms."""

from datetime import UTC, datetime

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)


def parse_timestamp(value: object) -> datetime | None:
    """Return the timestamp in UTC, or None if the value is not a valid timestamp.

    Timestamps outside the years 2000 to 2099 are invalid, because 100ms sends Go's zero time (0001-01-01T00:00:00Z) for
    "not set". A timestamp without an offset is UTC.
    """
    if not isinstance(value, str):
        return None
    try:
        instant = datetime.fromisoformat(value)
        utc = (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return utc if EARLIEST <= utc < LATEST else None

"""Instants that 100ms sends: ISO 8601 texts, some of which stand for no instant."""

from datetime import UTC, datetime

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)


def parse_timestamp(value: object) -> datetime | None:
    """Return the instant in UTC, or None if the value stands for none.

    Go's zero time (0001-01-01T00:00:00Z) means "not set". The same holds for every instant outside 2000 to 2099, which
    no event of 100ms can have. A text without an offset is UTC.
    """
    if not isinstance(value, str):
        return None
    try:
        instant = datetime.fromisoformat(value)
        utc = (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return utc if EARLIEST <= utc < LATEST else None

"""Checks path segments, so that a value cannot reach another resource."""

import re

MAX_SEGMENT_BYTES = 1024
FORBIDDEN_CHARACTERS = re.compile(r"[/\\?#\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffd]|%[0-9A-Fa-f]{2}")


def is_safe_segment(value: object) -> bool:
    """Return True if the value is one decoded path segment that cannot reach another resource.

    A percent sign before two hexadecimal digits is refused, because a server that decodes twice would decode it.
    """
    return (
        isinstance(value, str)
        and value not in ("", ".", "..")
        and FORBIDDEN_CHARACTERS.search(value) is None
        and len(value.encode()) <= MAX_SEGMENT_BYTES
    )

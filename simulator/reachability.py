"""Decide by their names whether hosts and buckets exist. The simulator never connects to them."""

from urllib.parse import urlsplit

# [jobs.unreachable-hosts-and-buckets] hosts and buckets exist unless their name ends with the top-level domain that
# RFC 2606 reserves.
_RESERVED = "invalid"


def is_reachable(url: str) -> bool:
    """Return True if the host of the URL can exist."""
    try:
        return _can_exist(urlsplit(url).hostname or "")
    except ValueError:
        return False


def is_reachable_bucket(name: str) -> bool:
    """Return True if the bucket can exist: its name is not `invalid`, and does not end with `.invalid`."""
    return _can_exist(name)


def _can_exist(name: str) -> bool:
    return name.lower().rstrip(".").rpartition(".")[2] != _RESERVED

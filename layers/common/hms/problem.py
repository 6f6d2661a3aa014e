"""Problems of a request, written for the caller, a response header and the log."""

from typing import NamedTuple
from urllib.parse import quote

UNKNOWN = "unknown"
"""Code of a name that 100ms does not document."""
MAX_PATH = 64
"""Maximum length of a path in a header or a log line, in characters."""


class Problem(NamedTuple):
    """A difference between a request and the documentation of 100ms.

    Attributes:
        place: `body` or `query`.
        path: names and indexes that lead to the value; (): the whole body or query.
        code: kind of problem, such as `type` or `range`.
        text: message for the caller, such as `limit: must be at most 100`.
        declared_path: the path with `*` instead of each undocumented name.
    """

    place: str
    path: tuple[str, ...]
    code: str
    text: str
    declared_path: tuple[str, ...] = ()

    @property
    def header_value(self) -> str:
        """`<path>=<code>` in visible ASCII, so that no name from the caller can break the header."""
        path = quote(".".join(self.path) or self.place, safe="", errors="replace").replace("~", "%7E")
        return f"{path[:MAX_PATH]}={self.code}"

    @property
    def log_value(self) -> str:
        """`<path>=<code>` with documented names only, because other names can hold personal data."""
        return f"{'.'.join(self.declared_path)[:MAX_PATH] or self.place}={self.code}"

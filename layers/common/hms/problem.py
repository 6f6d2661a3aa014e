"""What is wrong with a request, for its caller, for a header and for the log."""

import re
from typing import NamedTuple
from urllib.parse import quote

UNSAFE = re.compile(r"[^A-Za-z0-9_.%-]")
MAX_PATH = 64
"""Characters of a path in a header or a log line."""


class Problem(NamedTuple):
    """Something that the documentation of 100ms does not allow.

    Attributes:
        place: `body` or `query`.
        path: names and indexes that lead to the value; () is the whole body or query.
        code: the kind of problem, such as `type` or `range`.
        text: `<field>: <what must hold>`, for the caller.
        declared_path: the path with `*` in place of each name that only the caller knows.
    """

    place: str
    path: tuple[str, ...]
    code: str
    text: str
    declared_path: tuple[str, ...] = ()

    @property
    def header_value(self) -> str:
        """`<path>=<code>` in visible ASCII. A name that the caller chose cannot end the header."""
        path = UNSAFE.sub("", quote(".".join(self.path) or self.place, safe="", errors="replace"))
        return f"{path[:MAX_PATH]}={self.code}"

    @property
    def log_value(self) -> str:
        """`<path>=<code>` of declared names only: a name that the caller chose may be personal data."""
        return f"{'.'.join(self.declared_path)[:MAX_PATH] or self.place}={self.code}"

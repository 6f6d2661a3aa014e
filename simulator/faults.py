"""Keep the faults that the control API added, and match them with requests."""

import threading
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from jsonschema import Draft202012Validator

from simulator.contract import error_details, no_documented_text
from simulator.errors import invalid_body

DEFAULT_STATUS = 500
MAX_DELAY_MS = 600_000
_FIRST_SEGMENTS = ("v2", "storage", "*")
_PATH_HINT = "Invalid body param: path must begin with /v2 or /storage, such as /v2/rooms/*"

_SPEC = Draft202012Validator(
    {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "method": {"type": "string", "minLength": 1},
            "path": {"type": "string", "pattern": "^/"},
            "times": {"type": "integer", "minimum": 1},
            "status": {"type": "integer", "minimum": 200, "maximum": 599},
            "body": {"type": ["object", "array", "string"]},
            "headers": {
                "type": "object",
                "propertyNames": {"pattern": "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$"},
                "additionalProperties": {"type": "string", "pattern": r"^[^\r\n]*\Z"},
            },
            "delay_ms": {"type": "number", "minimum": 0, "maximum": MAX_DELAY_MS},
            "close": {"type": "boolean"},
        },
    }
)


@dataclass(frozen=True)
class FaultResponse:
    """The response to a request that matches a fault."""

    status: int
    body: dict[str, Any] | list[Any] | str | None
    headers: dict[str, str]


@dataclass
class Fault:
    """A fault for the next `times` requests that match.

    Without `response` and `close`, the request gets its normal response after `delay_ms`. `spec` is the body of the
    control call that added it.
    """

    spec: dict[str, Any]
    method: str | None
    path: str | None
    times: int
    response: FaultResponse | None
    delay_ms: float
    close: bool

    def to_dict(self) -> dict[str, Any]:
        """Return the fault as the control API shows it; `times` is the number of requests that still get it."""
        return self.spec | {"times": self.times}

    def matches(self, method: str, path: str) -> bool:
        """Return True if a request with this method and path gets the fault. In `path`, `*` matches one segment."""
        if self.method is not None and self.method.upper() != method.upper():
            return False
        if self.path is None:
            return True
        pattern_segments, path_segments = self.path.split("/"), path.split("/")
        return len(pattern_segments) == len(path_segments) and all(
            pattern == "*" or unquote(pattern) == unquote(segment)
            for pattern, segment in zip(pattern_segments, path_segments, strict=True)
        )


def read_fault(spec: dict[str, Any]) -> Fault:
    """Return the fault that the body of a control call describes. Raises BadRequest if the body is invalid."""
    details = error_details(_SPEC.iter_errors(spec), no_documented_text)
    if details:
        raise invalid_body(*details)
    if "path" in spec and unquote(spec["path"].split("/")[1]) not in _FIRST_SEGMENTS:
        raise invalid_body(_PATH_HINT)
    has_response = not spec.keys().isdisjoint({"status", "body", "headers"}) or "delay_ms" not in spec
    return Fault(
        spec=spec,
        method=spec.get("method"),
        path=spec.get("path"),
        times=spec.get("times", 1),
        response=FaultResponse(spec.get("status", DEFAULT_STATUS), spec.get("body"), spec.get("headers", {}))
        if has_response
        else None,
        delay_ms=spec.get("delay_ms", 0),
        close=spec.get("close", False),
    )


@dataclass
class Faults:
    """The pending faults, in the order of their addition."""

    _pending: list[Fault] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, fault: Fault) -> None:
        """Append a fault."""
        with self._lock:
            self._pending.append(fault)

    def all(self) -> list[Fault]:
        """Return the pending faults, oldest first."""
        with self._lock:
            return self._pending.copy()

    def take(self, method: str, path: str) -> Fault | None:
        """Use the first matching fault once and return it. Returns None if none matches."""
        with self._lock:
            fault = next((fault for fault in self._pending if fault.matches(method, path)), None)
            if fault is not None:
                fault.times -= 1
                if not fault.times:
                    self._pending.remove(fault)
            return fault

    def clear(self) -> None:
        """Remove all faults."""
        with self._lock:
            self._pending.clear()

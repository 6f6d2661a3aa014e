"""Log the received requests for the control API."""

import threading
from collections import deque
from dataclasses import asdict, dataclass

MAX_REQUESTS = 10_000
MAX_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """A request as received; header names are in lower case."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: str

    def to_dict(self) -> dict[str, object]:
        """Return the request as the control API shows it."""
        return asdict(self)


class RequestLog:
    """The latest requests, oldest first. Drops the oldest above MAX_REQUESTS requests or MAX_BYTES of bodies."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: deque[LoggedRequest] = deque()
        self._bytes = 0

    def add(self, request: LoggedRequest) -> None:
        """Append a request."""
        with self._lock:
            self._requests.append(request)
            self._bytes += len(request.body)
            while len(self._requests) > MAX_REQUESTS or self._bytes > MAX_BYTES:
                self._bytes -= len(self._requests.popleft().body)

    def all(self) -> list[LoggedRequest]:
        """Return the logged requests, oldest first."""
        with self._lock:
            return list(self._requests)

    def clear(self) -> None:
        """Remove all requests."""
        with self._lock:
            self._requests.clear()
            self._bytes = 0

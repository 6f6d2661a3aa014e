"""Log the received requests for the control API."""

import threading
from collections import deque
from dataclasses import asdict, dataclass

MAX_REQUESTS = 10_000
MAX_SIZE = 64 * 1024 * 1024


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

    def size(self) -> int:
        """Return the number of characters as received."""
        headers = sum(map(len, self.headers)) + sum(map(len, self.headers.values()))
        return len(self.path) + len(self.query) + headers + len(self.body)


class RequestLog:
    """The latest requests, oldest first. Drops the oldest above MAX_REQUESTS requests or MAX_SIZE characters."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: deque[LoggedRequest] = deque()
        self._size = 0

    def add(self, request: LoggedRequest) -> None:
        """Append a request."""
        with self._lock:
            self._requests.append(request)
            self._size += request.size()
            while len(self._requests) > MAX_REQUESTS or self._size > MAX_SIZE:
                self._size -= self._requests.popleft().size()

    def all(self) -> list[LoggedRequest]:
        """Return the logged requests, oldest first."""
        with self._lock:
            return list(self._requests)

    def clear(self) -> None:
        """Remove all requests."""
        with self._lock:
            self._requests.clear()
            self._size = 0

"""Posts events to their receivers, off the path of the requests that caused them."""

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import requests

TIMEOUT_SECONDS = 10  # assumed: that there is a limit follows from the error reason "timeout", but not which

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class WebhookTarget:
    """Where events go, and the headers they take along."""

    url: str
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PostResult:
    """What a receiver answered: its status, if any, and why that is no success, "" if it is one."""

    status: int | None
    error: str


def post(target: WebhookTarget, event: dict[str, Any]) -> PostResult:
    """Post an event once; nothing but status 200 is a success."""
    # assumed: the words for everything but "timeout".
    try:
        if not _is_on_this_machine(target.url):
            return PostResult(None, "receiver is not on this machine")
        with requests.Session() as session:
            session.trust_env = False
            session.stream = True
            response = session.post(
                target.url, json=event, headers=target.headers, timeout=TIMEOUT_SECONDS, allow_redirects=False
            )
    except requests.Timeout:
        return PostResult(None, "timeout")
    except (requests.RequestException, ValueError):
        return PostResult(None, "connection failed")
    return PostResult(response.status_code, "" if response.status_code == 200 else f"status {response.status_code}")


class WorkerPool:
    """Runs jobs on a few threads, which are there only while there is work."""

    def __init__(self, threads: int, waiting: int) -> None:
        self._free = threads
        self._waiting = waiting
        self._lock = threading.Lock()
        self._jobs: deque[Callable[[], None]] = deque()

    def run(self, job: Callable[[], None]) -> bool:
        """Have a job run soon; returns whether there was room for it among those waiting."""
        with self._lock:
            if len(self._jobs) >= self._waiting:
                return False
            self._jobs.append(job)
            if self._free:
                self._free -= 1
                threading.Thread(target=self._work, name="simulator-webhooks", daemon=True).start()
        return True

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._jobs:
                    self._free += 1
                    return
                job = self._jobs.popleft()
            try:
                job()
            except Exception:
                logger.exception("an event could not be sent")


def _is_on_this_machine(url: str) -> bool:
    # A room's settings may name a real receiver, which is not to hear of simulated events.
    host = urlsplit(url).hostname
    try:
        return host == "localhost" or ip_address(host or "").is_loopback
    except ValueError:
        return False

"""Send webhooks to their receivers in background threads."""

import hashlib
import hmac
import json
import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from simulator.webhook_target import WebhookTarget

# [webhooks.timeout-of-a-receiver] the error reason "timeout" shows that a limit exists, but not its length
TIMEOUT_SECONDS = 10
SIGNATURE_HEADER = "x-100ms-signature"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class PostResult:
    """The result of a POST: the response's status, or None without a response; the error, or "" for a success."""

    status: int | None
    error: str


def post(target: WebhookTarget, event: dict[str, Any], signature_key: str) -> PostResult:
    """Send an event once, signed unless the key is "". Only status 200 is a success."""
    import requests  # an eighth of the time of a start, which most tests do not need

    body = json.dumps(event).encode()
    headers = {"content-type": "application/json", **target.headers}
    if signature_key:
        headers[SIGNATURE_HEADER] = hmac.new(signature_key.encode(), body, hashlib.sha256).hexdigest()
    # [webhooks.error-reason] all texts except "timeout".
    try:
        if not _is_on_this_machine(target.url):
            return PostResult(None, "receiver is not on this machine")
        with requests.Session() as session:
            session.trust_env = False
            session.stream = True
            response = session.post(
                target.url, data=body, headers=headers, timeout=TIMEOUT_SECONDS, allow_redirects=False
            )
    except requests.Timeout:
        return PostResult(None, "timeout")
    except (requests.RequestException, ValueError):
        return PostResult(None, "connection failed")
    return PostResult(response.status_code, "" if response.status_code == 200 else f"status {response.status_code}")


class WorkerPool:
    """Runs jobs on up to `threads` threads, which exist only while there is work."""

    def __init__(self, threads: int, waiting: int) -> None:
        self._free = threads
        self._waiting = waiting
        self._lock = threading.Lock()
        self._jobs: deque[Callable[[], None]] = deque()

    def run(self, job: Callable[[], None]) -> bool:
        """Queue a job. Returns False if `waiting` jobs are queued already."""
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
                logger.exception("event could not be sent")


def _is_on_this_machine(url: str) -> bool:
    # A room's settings may contain the URL of a real receiver, which must not get simulated events.
    host = urlsplit(url).hostname
    try:
        return host == "localhost" or ip_address(host or "").is_loopback
    except ValueError:
        return False

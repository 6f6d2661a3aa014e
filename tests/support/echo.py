"""A 100ms in a separate process that echoes each request. The nonce of a request can select a fault."""

import json
import multiprocessing
import re
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from typing import Any

from tests.support.servers import Received, Step, answer, hang_up, serve

NONCE = re.compile(r"n\d+x(?:-([a-z0-9]+))?")
FAULTS = ("500", "503", "reset", "html", "401")
"""The faults `503`, `reset` and `401` end at the second attempt."""
STATS = "/stats"


@contextmanager
def running_echo(idle_seconds: float = 30) -> Iterator[str]:
    """Run it while the context is open. Yields its URL.

    Args:
        idle_seconds: time after which it closes an idle connection.
    """
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=_serve, args=(theirs, idle_seconds), daemon=True)
    process.start()
    try:
        yield str(ours.recv())
    finally:
        process.kill()
        process.join()


class _Echo:
    """Handles requests, and counts them by nonce."""

    def __init__(self) -> None:
        self.tries: Counter[str] = Counter()
        self.tokens: set[str] = set()
        self.lock = threading.Lock()

    def respond(self, request: Received) -> Step:
        body = request.body.decode()
        found = NONCE.search(request.target) or NONCE.search(body)
        nonce, fault = (found[0], found[1]) if found else ("", None)
        with self.lock:
            self.tries[nonce] += 1
            self.tokens.add(request.headers.get("authorization", ""))
            is_first = self.tries[nonce] == 1
        if fault == "500":
            return _json({"code": 500, "message": nonce}, 500)
        if fault == "html":
            return answer(200, b"<html></html>", content_type="text/html")
        if fault == "reset" and is_first:
            return hang_up
        if fault in ("503", "401") and is_first:
            return _json({"code": int(fault), "message": nonce}, int(fault))
        return _json({"method": request.method, "path": request.target, "body": json.loads(body) if body else None})


def _json(value: Any, status: int = 200) -> Step:
    return answer(status, json.dumps(value).encode())


def _serve(connection: Connection, idle_seconds: float) -> None:
    """Serve until the parent process exits."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    echo = _Echo()

    def respond(request: Received) -> Step:
        if request.target == STATS:
            return _json({"connections": server.connections, "tokens": len(echo.tokens), "tries": echo.tries})
        return echo.respond(request)

    with serve(respond=respond, idle_seconds=idle_seconds) as server, suppress(EOFError):
        connection.send(server.url)
        connection.recv()

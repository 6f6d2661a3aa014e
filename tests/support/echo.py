"""A 100ms in a process of its own that tells each request back, and breaks those whose nonce says so."""

import json
import multiprocessing
import os
import re
import signal
import socket
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from typing import Any

NONCE = re.compile(r"n\d+x(?:-([a-z0-9]+))?")
FAULTS = ("500", "503", "reset", "html", "401")
"""`503`, `reset` and `401` are over at the second try."""
STATS = "/stats"


@contextmanager
def running_echo(idle_seconds: float = 30) -> Iterator[str]:
    """Run it while the context lasts, and give its URL.

    Args:
        idle_seconds: after which it closes a connection that nobody uses.
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


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, idle_seconds: float) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.idle_seconds = idle_seconds
        self.tries: Counter[str] = Counter()
        self.tokens: set[str] = set()
        self.connections = 0
        self.lock = threading.Lock()

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.connection.settimeout(self.server.idle_seconds)
        with self.server.lock:
            self.server.connections += 1

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_DELETE(self) -> None:
        self._answer()

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
        if self.path == STATS:
            stats = {"connections": self.server.connections, "tokens": len(self.server.tokens)}
            return self._send(200, json.dumps({**stats, "tries": self.server.tries}))
        told = {"method": self.command, "path": self.path, "body": json.loads(body) if body else None}
        found = NONCE.search(self.path) or NONCE.search(body)
        nonce, fault = (found[0], found[1]) if found else ("", None)
        with self.server.lock:
            self.server.tries[nonce] += 1
            self.server.tokens.add(self.headers.get("authorization", ""))
            is_first = self.server.tries[nonce] == 1
        if fault == "500":
            return self._send(500, json.dumps({"code": 500, "message": nonce}))
        if fault == "html":
            return self._send(200, "<html></html>", "text/html")
        if fault == "reset" and is_first:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return None
        if fault in ("503", "401") and is_first:
            return self._send(int(fault), json.dumps({"code": int(fault), "message": nonce}))
        return self._send(200, json.dumps(told))

    def _send(self, status: int, text: str, content_type: str = "application/json") -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header("content-type", content_type)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


def _serve(connection: Connection, idle_seconds: float) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    server = _Server(idle_seconds)
    connection.send(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=_end_with, args=(connection,), daemon=True).start()
    server.serve_forever(0.5)


def _end_with(connection: Connection) -> None:
    """Do not outlive the process that this one is for."""
    try:
        connection.recv()
    except EOFError:
        os._exit(0)

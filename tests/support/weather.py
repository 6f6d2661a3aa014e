"""AWS in bad weather: a peer that passes requests on to moto, but for those of the service that has a fault now."""

import socket
import struct
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import requests

REFUSALS = {
    "throttled": (400, "ThrottlingException", "Rate exceeded"),
    "failing": (500, "InternalServerError", "an internal error"),
    "denied": (400, "AccessDeniedException", "not authorized to perform this"),
    "missing": (400, "ResourceNotFoundException", "there is no such resource"),
}
FAULTS = [*REFUSALS, "silent", "reset", "no JSON"]


class Weather:
    """What AWS is like now.

    Attributes:
        url: where AWS is.
        service: whose calls fail, by the first part of their `x-amz-target`; "" for none.
        fault: how.
        failed: how many calls of each service failed.
        watcher: told of each call that AWS takes, by its `x-amz-target`, before it does (False) and when it has (True);
            the call ends there where it says so.
    """

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.service = self.fault = ""
        self.failed: Counter[str] = Counter()
        self.watcher: Callable[[str, bool], bool] = lambda _, __: False
        self.over = Event()

    @contextmanager
    def bad(self, service: str, fault: str) -> Iterator[None]:
        """The service fails in this way meanwhile."""
        self.service, self.fault = service, fault
        self.over.clear()
        try:
            yield
        finally:
            self.service = ""
            self.over.set()


@contextmanager
def weather_over(aws: str) -> Iterator[Weather]:
    """A peer in front of AWS while the context lasts."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            service = self.headers.get("x-amz-target", "").partition(".")[0]
            if weather.service and service.startswith(weather.service):
                weather.failed[service] += 1
                self._fail(weather.fault)
            else:
                sent = {name: value for name, value in self.headers.items() if name.lower() != "host"}
                target = self.headers.get("x-amz-target", "")
                if weather.watcher(target, False):
                    self.close_connection = True
                    return
                answer = requests.post(f"{aws}{self.path}", data=body, headers=sent, timeout=30)
                weather.watcher(target, True)
                self._answer(answer.status_code, answer.content)

        def _fail(self, fault: str) -> None:
            if fault == "silent":
                weather.over.wait(20)
                self.close_connection = True
            elif fault == "reset":
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.close_connection = True
            elif fault == "no JSON":
                self._answer(200, b"<!doctype html>")
            else:
                status, kind, message = REFUSALS[fault]
                self._answer(status, f'{{"__type": "{kind}", "message": "{message}"}}'.encode())

        def _answer(self, status: int, body: bytes) -> None:
            with suppress(OSError):
                self.send_response(status)
                self.send_header("content-type", "application/x-amz-json-1.1")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        weather = Weather(server.server_address[1])
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield weather
        finally:
            weather.over.set()
            server.shutdown()

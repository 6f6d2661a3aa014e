"""SSM that throttles by a token bucket."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

from benchmarks.stub_server import HOST, SECURE_STRINGS, find_parameters

BURST = 40
"""Calls at once after a pause. AWS documents no burst, so that of the default limit also holds for the higher one."""
THROTTLED = {"__type": "ThrottlingException", "message": "Rate exceeded"}


class Ssm:
    """SSM's GetParameters with a limit of calls per second.

    Args:
        rate: calls per second.
        now: returns the time in seconds.
        charge_refused: whether a refused call also uses up the quota.

    Attributes:
        calls: number of calls, refused ones included.
        decrypts: number of decryptions by KMS, one for each SecureString.
    """

    def __init__(self, rate: int, now: Callable[[], float], *, charge_refused: bool) -> None:
        self._rate = rate
        self._now = now
        self._charge_refused = charge_refused
        self._tokens, self._filled_at = float(BURST), now()
        self.calls = self.decrypts = 0

    def get_parameters(self, body: bytes) -> tuple[int, object]:
        """Return the status and the response of a call."""
        self.calls += 1
        if not self._take_token():
            return 400, THROTTLED
        response = find_parameters(body)
        self.decrypts += sum(parameter["Name"] in SECURE_STRINGS for parameter in response["Parameters"])
        return 200, response

    def _take_token(self) -> bool:
        now = self._now()
        self._tokens = min(BURST, self._tokens + (now - self._filled_at) * self._rate)
        self._filled_at = now
        if self._tokens < 1:
            self._tokens = 0 if self._charge_refused else self._tokens
            return False
        self._tokens -= 1
        return True

    @contextmanager
    def running(self) -> Iterator[str]:
        """Serve over HTTP while the context is open. Yields the URL."""
        with _Server(self) as server:
            Thread(target=server.serve_forever, daemon=True).start()
            yield f"http://{HOST}:{server.server_port}"
            server.shutdown()


class _Server(HTTPServer):
    def __init__(self, ssm: Ssm) -> None:
        self.ssm = ssm
        super().__init__((HOST, 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        status, response = self.server.ssm.get_parameters(self.rfile.read(int(self.headers["content-length"])))
        body = json.dumps(response).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Write no log."""

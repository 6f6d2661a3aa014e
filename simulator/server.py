"""Serve the simulator over HTTP/1.1, with keep-alive and one thread per connection."""

import socket
import threading
from typing import IO, Any, cast
from urllib.parse import quote, unquote, urlsplit

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.wrappers import Response
from werkzeug.wsgi import LimitedStream

from simulator.app import EAGER_SECTIONS, create_app
from simulator.host_check import block_cross_site
from simulator.middleware import CONTROL_PREFIX, RAW_PATH
from simulator.request_line import Utf8RequestLine
from simulator.store import Store
from simulator.tokens import Tokens
from simulator.webhook_target import WebhookTarget

_BACKLOG = 128
_ALL_INTERFACES = "0.0.0.0"  # noqa: S104 - a container listens there


class Simulator:
    """A 100ms workspace on `host` and `port` (0: any free port) for one key pair.

    Stopping keeps its state. `webhook` is the workspace's webhook at the start and after a reset.
    """

    def __init__(
        self, host: str, port: int, access_key: str, secret: str, webhook: WebhookTarget | None = None
    ) -> None:
        self._host = host
        self._port = port
        self._store = Store(Tokens(access_key, secret), EAGER_SECTIONS, webhook)
        self._app = block_cross_site(create_app(self._store), CONTROL_PREFIX)

    @property
    def url(self) -> str:
        """The base URL, e.g. http://127.0.0.1:3100. With port 0, the URL is valid after `start`."""
        host = "127.0.0.1" if self._host == _ALL_INTERFACES else self._host
        return f"http://{host}:{self._port}"

    def start(self) -> None:
        """Serve in the background. Raises OSError if it cannot listen, e.g. because the port is in use."""
        with socket.create_server((self._host, self._port), backlog=_BACKLOG) as listener:
            self._port = listener.getsockname()[1]
            self._store.url = self.url
            self._server = _Server(self._host, self._port, self._app, _Handler, fd=listener.fileno())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="simulator", daemon=True)
        self._thread.start()
        self._store.clock.start()

    def stop(self) -> None:
        """Stop listening and close every connection."""
        self._store.clock.stop()
        self._server.shutdown()
        self._server.close_connections()
        self._thread.join()


class _Server(ThreadedWSGIServer):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._connections: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        """Close the connections that clients keep open."""
        for connection in self._connections.copy():
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # the client has closed it already


class _Handler(Utf8RequestLine, WSGIRequestHandler):
    """Werkzeug's handler with keep-alive. The original closes each connection after one response."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 65_536  # sends the headers and a small body in one piece

    def make_environ(self) -> dict[str, Any]:
        environ = super().make_environ()
        path = urlsplit(self.path).path or "/"
        environ[RAW_PATH] = path
        # Routes match segment by segment: an encoded slash must not become a separator.
        environ["PATH_INFO"] = "/".join(quote(unquote(segment), safe="") for segment in path.split("/"))
        return environ

    def run_wsgi(self) -> None:
        environ = self.make_environ()
        length = environ.get("CONTENT_LENGTH") or "0"
        is_framed = length.isdecimal() and "HTTP_TRANSFER_ENCODING" not in environ
        request_body = LimitedStream(cast(IO[bytes], self.rfile), int(length) if is_framed else 0)
        if is_framed:
            environ["wsgi.input"] = request_body
        response = Response.from_app(self.server.app, environ)
        if not (is_framed and request_body.is_exhausted):  # the rest of the body would be parsed as the next request
            response.headers["Connection"] = "close"
        self.send_response(response.status_code, response.status.partition(" ")[2])
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.end_headers()
        for chunk in response.iter_encoded():  # a file can be larger than the memory
            self.wfile.write(chunk)
        response.close()

    def log_request(self, *_: Any) -> None:
        """Log nothing. The request log has all requests."""

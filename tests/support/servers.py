"""HTTP servers on loopback. A test controls every byte that they send, and reads the requests."""

import contextlib
import os
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import trustme

Step = Callable[[socket.socket], object]
"""Handles a connection after a request was read."""


@dataclass(frozen=True)
class Received:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@dataclass
class ScriptedServer:
    """Responds to each request with the next step of its script. The last step repeats.

    Attributes:
        script: the steps.
        respond: selects the step for a request. The script is then not used.
        requests: the requests so far.
        url: URL of the server.
        is_deaf: True if it takes the next step without reading a request. A connection counts as a request then.
        asked: number of requests.
        connections: number of connections.
    """

    script: list[Step] = field(default_factory=list)
    respond: Callable[[Received], Step] | None = None
    requests: list[Received] = field(default_factory=list)
    url: str = ""
    is_deaf: bool = False
    asked: int = 0
    connections: int = 0

    def _next(self) -> Step:
        self.asked += 1
        return self.script.pop(0) if len(self.script) > 1 else self.script[0]

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError, ValueError), connection.makefile("rb") as stream:
            if self.is_deaf:
                self._next()(connection)
            while line := stream.readline():
                method, target, _ = line.decode("latin-1").split(" ", 2)
                headers = {}
                while (header := stream.readline().decode().strip()) != "":
                    name, _, value = header.partition(":")
                    headers[name.strip().lower()] = value.strip()
                body = stream.read(int(headers.get("content-length", 0)))
                request = Received(method, target, headers, body)
                self.requests.append(request)
                step = self.respond(request) if self.respond else self._next()
                step(connection)


@contextlib.contextmanager
def serve(
    *script: Step,
    respond: Callable[[Received], Step] | None = None,
    authority: trustme.CA | None = None,
    port: int = 0,
    idle_seconds: float | None = None,
) -> Iterator[ScriptedServer]:
    """Run a server while the context is open.

    Args:
        script: the steps.
        respond: selects the step for a request, instead of a script.
        authority: certificate authority. If given, the server uses TLS as localhost.
        port: port to listen on; 0 for any free port.
        idle_seconds: time to wait for a request on an open connection (default: no limit).
    """
    upstream = ScriptedServer(list(script), respond)
    tls = None
    if authority:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(tls)
    with socket.create_server(("127.0.0.1", port), backlog=128) as listener:
        port = listener.getsockname()[1]
        upstream.url = f"https://localhost:{port}" if tls else f"http://127.0.0.1:{port}"

        def converse(connection: socket.socket) -> None:
            with contextlib.suppress(OSError):
                connection.settimeout(idle_seconds)
                upstream._serve(tls.wrap_socket(connection, server_side=True) if tls else connection)

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    upstream.connections += 1
                    threading.Thread(target=converse, args=(connection,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield upstream
        listener.shutdown(socket.SHUT_RDWR)


def answer(status: int = 200, body: bytes = b'{"ok":true}', **headers: str) -> Step:
    """Send a response. The default content type is JSON."""
    fields = {"content-length": str(len(body)), "content-type": "application/json"}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status} Status", *(f"{name}: {value}" for name, value in fields.items())]
    return raw("\r\n".join(lines).encode() + b"\r\n\r\n" + body)


def raw(data: bytes) -> Step:
    return lambda connection: connection.sendall(data)


def hang_up(connection: socket.socket) -> None:
    connection.shutdown(socket.SHUT_RDWR)


def then_hang_up(step: Step) -> Step:
    def both(connection: socket.socket) -> None:
        step(connection)
        hang_up(connection)

    return both


def reset(connection: socket.socket) -> None:
    """Close with an RST, although a stream still uses the connection."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(connection.detach())


def stay_silent(connection: socket.socket) -> None:
    """Wait until the peer closes the connection."""
    connection.settimeout(60)
    connection.recv(1)


def trickle(data: bytes, pause: float = 0.05) -> Step:
    def step(connection: socket.socket) -> None:
        for byte in data:
            connection.sendall(bytes([byte]))
            time.sleep(pause)

    return step


def without_end(first: bytes, again: bytes) -> Step:
    """Send the first part, then repeat the second part until the peer closes the connection."""

    def step(connection: socket.socket) -> None:
        connection.sendall(first)
        while True:
            connection.sendall(again * 50)

    return step

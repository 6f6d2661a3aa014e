"""A raw HTTP peer on loopback that does what a script says, byte for byte, and keeps what it received."""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Step = Callable[[socket.socket], None]


@dataclass(frozen=True)
class Received:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Upstream:
    """Answers its requests with the steps of its script, in order, the last one again and again.

    Attributes:
        is_deaf: whether it takes the next step without reading a request; a connection counts as one then.
        asked: how many requests there were.
    """

    script: list[Step] = field(default_factory=list)
    requests: list[Received] = field(default_factory=list)
    url: str = ""
    is_deaf: bool = False
    asked: int = 0

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
                self.requests.append(Received(method, target, headers, body))
                self._next()(connection)


@contextlib.contextmanager
def serve(*script: Step, tls: ssl.SSLContext | None = None) -> Iterator[Upstream]:
    """The peer while the context lasts; it calls itself localhost where it speaks TLS."""
    upstream = Upstream(list(script))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        upstream.url = f"https://localhost:{port}" if tls else f"http://127.0.0.1:{port}"

        def converse(connection: socket.socket) -> None:
            with contextlib.suppress(OSError):
                upstream._serve(tls.wrap_socket(connection, server_side=True) if tls else connection)

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    threading.Thread(target=converse, args=(connection,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield upstream
        listener.shutdown(socket.SHUT_RDWR)


def answer(status: int = 200, body: bytes = b'{"ok":true}', **headers: str) -> Step:
    lines = [f"HTTP/1.1 {status} Status", f"content-length: {len(body)}", "content-type: application/json"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
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


def stay_silent(connection: socket.socket) -> None:
    connection.settimeout(10)
    connection.recv(1)


def trickle(data: bytes, pause: float = 0.05) -> Step:
    def step(connection: socket.socket) -> None:
        for byte in data:
            connection.sendall(bytes([byte]))
            time.sleep(pause)

    return step


def without_end(first: bytes, again: bytes) -> Step:
    """Send the first part, then the other one again and again until the peer is gone."""

    def step(connection: socket.socket) -> None:
        connection.sendall(first)
        while True:
            connection.sendall(again * 50)

    return step

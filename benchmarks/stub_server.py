"""A server that stands for 100ms and AWS with fixed responses, in a separate process."""

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

ACCESS_KEY, SECRET = "benchmark", "a-secret-that-only-the-benchmark-knows-of"
PREFIX = "/hms"
MASTER = "M" * 43
SECURE_STRINGS = {
    f"{PREFIX}/access_key": ACCESS_KEY,
    f"{PREFIX}/secret": SECRET,
    f"{PREFIX}/client_key_master": MASTER,
    f"{PREFIX}/webhook_secret": SECRET,
}
PARAMETERS = {**SECURE_STRINGS, f"{PREFIX}/revoked_client_keys_1": "none"}
HOST = "127.0.0.1"


def build_rooms(size: int) -> bytes:
    """Return a list of rooms of about `size` bytes."""
    room = {"id": "627cda81ab4f3b56a077dc33", "name": "a-room", "enabled": True, "description": "x" * 40}
    count = max(1, size // len(json.dumps(room)))
    return json.dumps({"limit": 10, "data": [{**room, "name": f"room-{number}"} for number in range(count)]}).encode()


def find_parameters(request_body: bytes) -> dict[str, list[Any]]:
    """Return the response of SSM's GetParameters."""
    names = json.loads(request_body)["Names"]
    return {
        "Parameters": [{"Name": name, "Value": PARAMETERS[name]} for name in names if name in PARAMETERS],
        "InvalidParameters": [name for name in names if name not in PARAMETERS],
    }


def build_response(target: str, request_body: bytes, rooms_body: bytes) -> bytes:
    """Return the response of the AWS service in `target`, or of 100ms if `target` is empty."""
    if target == "AmazonSSM.GetParameters":
        return json.dumps(find_parameters(request_body)).encode()
    if target.endswith(".Query"):
        return b'{"Items": [], "Count": 0, "ScannedCount": 0}'
    if target.endswith(".PutEvents"):
        return b'{"FailedEntryCount": 0, "Entries": [{"EventId": "1"}]}'
    return b"{}" if target else rooms_body


def _serve(connection: socket.socket, rooms_body: bytes, delay: float) -> None:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with connection, suppress(OSError, ValueError), connection.makefile("rb") as stream:
        while stream.readline():
            headers = {}
            while (line := stream.readline().strip()) != b"":
                name, _, value = line.decode("latin-1").partition(":")
                headers[name.lower()] = value.strip()
            if headers.get("expect"):
                connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            request_body = stream.read(int(headers.get("content-length", 0)))
            target = headers.get("x-amz-target", "")
            body = build_response(target, request_body, rooms_body)
            if not target:
                time.sleep(delay)
            head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
            connection.sendall(head.encode() + body)


def main(host: str, size: int, delay: float) -> None:
    """Print the port and serve until standard input is closed."""
    rooms_body = build_rooms(size)
    with socket.create_server((host, 0)) as listener:
        print(listener.getsockname()[1], flush=True)
        threading.Thread(target=_accept, args=(listener, rooms_body, delay), daemon=True).start()
        sys.stdin.read()


def _accept(listener: socket.socket, rooms_body: bytes, delay: float) -> None:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=_serve, args=(connection, rooms_body, delay), daemon=True).start()


@contextmanager
def running_stub_server(size: int = 1024, host: str = HOST, delay: float = 0) -> Iterator[str]:
    """Run the server while the context is open. Yields its URL.

    Args:
        size: approximate size of a list of rooms, in bytes.
        host: address to listen on.
        delay: time that 100ms takes for a response, in seconds.
    """
    command = [sys.executable, "-m", "benchmarks.stub_server", host, str(size), str(delay)]
    root = Path(__file__).parents[1]
    with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdout  # noqa: S101
        yield f"http://{host}:{int(process.stdout.readline())}"
        process.communicate()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))

"""Raw UTF-8 in a path or query of the local API equals its percent-encoded form, as on AWS."""

import socket
from urllib.parse import quote, urlsplit

import pytest

from tests.integration.stack import Stack
from tests.integration.test_routes import received

NAMES = ["☃", "à", "Å", "…", "Привет", "नमस्ते", "👩‍🚀", "a☃b", "é%20ü"]
"""The second and third contain bytes that are white space in Latin-1."""


def get(url: str, target: bytes, token: str) -> bytes:
    """Return status line and body of the response to a request that no client library has encoded."""
    address = urlsplit(url)
    head = b"GET %b HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer %b\r\nconnection: close\r\n\r\n"
    with socket.create_connection((address.hostname, address.port), 30) as peer:
        peer.sendall(head % (target, token.encode()))
        answer = b""
        while read := peer.recv(65_536):
            answer += read
    return answer.splitlines()[0] + answer.partition(b"\r\n\r\n")[2]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "path", ["/rooms?name={}", "/v2/rooms?enabled=true&name={}", "/rooms/{}", "/room-codes/room/{}"]
)
def test_a_raw_character_is_its_percent_encoded_form(stack: Stack, path: str, name: str) -> None:
    raw, encoded = (path.format(text) for text in (name, quote(name, safe="%")))
    assert get(stack.api, raw.encode(), stack.token) == get(stack.api, encoded.encode(), stack.token)
    first, second = received(stack)
    assert (first["path"], first["query"]) == (second["path"], second["query"])
    assert quote(name, safe="%") in first["path"] + first["query"].replace("+", "%20")


@pytest.mark.parametrize("target", [b"/rooms?name=\xff", b"/rooms?name=caf\xe9", b"/rooms/\xc0\xae"])
def test_bytes_that_are_no_utf8_are_refused(stack: Stack, target: bytes) -> None:
    assert b" 400 " in get(stack.api, target, stack.token)
    assert received(stack) == []


@pytest.mark.parametrize("name", NAMES)
def test_the_simulator_reads_raw_characters_too(stack: Stack, name: str) -> None:
    get(stack.simulator, f"/v2/rooms?name={name}".encode(), stack.token)
    get(stack.simulator, f"/v2/rooms/{name}".encode(), stack.token)
    first, second = received(stack)
    assert first["query"] == f"name={quote(name, safe='%')}"
    assert second["path"] == f"/v2/rooms/{quote(name, safe='%')}"

"""The rows of the fault matrix: faults between the service and 100ms, and the expected results."""

import gzip
import json
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from enum import StrEnum

from tests.support.servers import Step, answer, hang_up, raw, reset, stay_silent, then_hang_up, trickle

JSON = b'{"ok": true, "data": [], "last": ""}'
ERROR = json.dumps({"code": 500, "message": "it broke", "details": ["said 100ms"]}).encode()
PATIENT, HURRIED = 8_000, 1_400
"""Remaining time of the function in milliseconds: enough for all attempts, or for one without a response."""


class Kind(StrEnum):
    """Kinds of operations. Operations of one kind behave alike under a fault."""

    GET = "GET"
    WRITE = "POST, DELETE"
    OWN_TOKEN = "POST with the caller's own token"
    OWN_TOKEN_GET = "GET with the caller's own token"
    EXCHANGE = "exchange of a room code"


class Place(StrEnum):
    """The address that the service uses for 100ms."""

    UPSTREAM = "upstream"
    REFUSING = "refusing"
    UNKNOWN = "unknown"
    UNTRUSTED = "untrusted"


@dataclass(frozen=True)
class Outcome:
    """The response to the caller, and the number of requests to 100ms."""

    status: int
    requests: int

    def __str__(self) -> str:
        return f"{self.status} · {self.requests}"


Outcomes = tuple[Outcome, Outcome, Outcome, Outcome]
"""One expectation per kind of operation. A GET with the caller's own token is a GET, but not after a 401."""


@dataclass(frozen=True)
class Fault:
    """A row of the matrix.

    Attributes:
        name: name of the fault.
        steps: creates the server's steps, one per request. The last step repeats.
        expected: expected result for each kind of operation.
        place: address that the service uses for 100ms.
        milliseconds: remaining time of the function at its invocation.
        is_deaf: True if the server takes a step before it reads the request. Connections are counted then.
    """

    name: str
    steps: Callable[[], list[Step]]
    expected: Outcomes
    place: Place = Place.UPSTREAM
    milliseconds: int = PATIENT
    is_deaf: bool = False

    def outcome(self, kind: Kind) -> Outcome:
        """Return the expected result for a kind of operation."""
        if kind is Kind.OWN_TOKEN_GET:
            kind = Kind.OWN_TOKEN if self.name.startswith("401") else Kind.GET
        kinds: list[Kind] = [Kind.GET, Kind.WRITE, Kind.OWN_TOKEN, Kind.EXCHANGE]
        return dict(zip(kinds, self.expected, strict=True))[kind]


def once(status: int) -> Outcomes:
    """100ms is called once."""
    return (Outcome(status, 1),) * 4


def only_get_again(status: int) -> Outcomes:
    """A GET is attempted three times. A POST or DELETE may have arrived, so it is not retried."""
    return Outcome(status, 3), Outcome(status, 1), Outcome(status, 1), Outcome(status, 1)


def all_but_exchange_again(status: int) -> Outcomes:
    """100ms reports that it did nothing: all operations are attempted three times, except a code exchange."""
    return Outcome(status, 3), Outcome(status, 3), Outcome(status, 3), Outcome(status, 1)


NEVER_ARRIVED = (Outcome(502, 0),) * 4
HTML = b"<!doctype html><title>Bad gateway</title>"


def reset_unread(connection: socket.socket) -> None:
    """Close with an RST when a request has arrived, without reading it."""
    connection.recv(1, socket.MSG_PEEK)
    reset(connection)


def in_a_second() -> str:
    """Return an HTTP date between one and two seconds from now."""
    return format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)


def head(*lines: str) -> bytes:
    return "\r\n".join(["HTTP/1.1 200 OK", "content-type: application/json", *lines, "", ""]).encode()


def slowly(first: bytes, rest: bytes) -> Step:
    """Send a part at once and then single bytes, so that no single read times out."""

    def step(connection: socket.socket) -> None:
        connection.sendall(first)
        trickle(rest, 0.2)(connection)

    return step


def chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def redirect() -> Step:
    return raw(b"HTTP/1.1 302 Found\r\nlocation: /v2/rooms\r\ncontent-length: 0\r\n\r\n")


def big() -> bytes:
    return b'{"data": "' + b"x" * 10_000_000 + b'"}'


LONG = b'{"ok": true, "data": "' + b"x" * 300 + b'"}'
LONG_HEAD = head("x-padding: " + "x" * 300, f"content-length: {len(JSON)}")
HALF = head(f"content-length: {len(JSON)}") + JSON[:9]
SLOW_HEAD = slowly(LONG_HEAD[:20], LONG_HEAD[20:])
SLOW_BODY = slowly(head(f"content-length: {len(LONG)}"), LONG)
PACKED = gzip.compress(JSON)
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"

FAULTS = [
    Fault("connection refused", list, NEVER_ARRIVED, Place.REFUSING),
    Fault("no such host", list, NEVER_ARRIVED, Place.UNKNOWN),
    Fault("TLS: untrusted certificate", list, NEVER_ARRIVED, Place.UNTRUSTED),
    Fault("reset before the request is read", lambda: [reset_unread], only_get_again(502), is_deaf=True),
    Fault("reset after the request is read", lambda: [reset], only_get_again(502)),
    Fault("closed without an answer", lambda: [hang_up], only_get_again(502)),
    Fault("closed within the headers", lambda: [then_hang_up(raw(head()[:20]))], only_get_again(502)),
    Fault("closed within the body", lambda: [then_hang_up(raw(HALF))], only_get_again(502)),
    Fault("accepted and never answered", lambda: [stay_silent], once(504), milliseconds=HURRIED),
    Fault("headers a byte at a time", lambda: [SLOW_HEAD], once(504), milliseconds=HURRIED),
    Fault(
        "body a byte at a time",
        lambda: [SLOW_BODY],
        once(504),
        milliseconds=HURRIED,
    ),
    Fault("500", lambda: [answer(500, ERROR)], once(500)),
    Fault("502", lambda: [answer(502, ERROR)], only_get_again(502)),
    Fault("503", lambda: [answer(503, ERROR)], only_get_again(503)),
    Fault("504", lambda: [answer(504, ERROR)], only_get_again(504)),
    Fault(
        "503, then 200",
        lambda: [answer(503, ERROR), answer(body=JSON)],
        (Outcome(200, 2), Outcome(503, 1), Outcome(503, 1), Outcome(503, 1)),
    ),
    Fault("429", lambda: [answer(429, ERROR)], all_but_exchange_again(429)),
    Fault(
        "429, then 200",
        lambda: [answer(429, ERROR), answer(body=JSON)],
        (Outcome(200, 2), Outcome(200, 2), Outcome(200, 2), Outcome(429, 1)),
    ),
    Fault("429, retry-after in seconds", lambda: [answer(429, ERROR, retry_after="1")], all_but_exchange_again(429)),
    Fault(
        "429, retry-after a date", lambda: [answer(429, ERROR, retry_after=in_a_second())], all_but_exchange_again(429)
    ),
    Fault("429, retry-after past the deadline", lambda: [answer(429, ERROR, retry_after="3600")], once(429)),
    Fault("429, invalid retry-after", lambda: [answer(429, ERROR, retry_after="soon")], all_but_exchange_again(429)),
    Fault(
        "429, retry-after in year 99999",
        lambda: [answer(429, ERROR, retry_after="Fri, 31 Dec 99999 23:59:59 GMT")],
        all_but_exchange_again(429),
    ),
    Fault(
        "429, retry-after of 5,000 digits",
        lambda: [answer(429, ERROR, retry_after="9" * 5000)],
        all_but_exchange_again(429),
    ),
    Fault(
        "401 once",
        lambda: [answer(401, ERROR), answer(body=JSON)],
        (Outcome(200, 2), Outcome(200, 2), Outcome(401, 1), Outcome(401, 1)),
    ),
    Fault(
        "401 always", lambda: [answer(401, ERROR)], (Outcome(401, 2), Outcome(401, 2), Outcome(401, 1), Outcome(401, 1))
    ),
    Fault("429 with HTML", lambda: [answer(429, HTML, content_type="text/html")], all_but_exchange_again(429)),
    Fault(
        "401 with HTML",
        lambda: [answer(401, HTML, content_type="text/html")],
        (Outcome(401, 2), Outcome(401, 2), Outcome(401, 1), Outcome(401, 1)),
    ),
    Fault("403", lambda: [answer(403, ERROR)], once(403)),
    Fault("404", lambda: [answer(404, ERROR)], once(404)),
    Fault("200 with HTML", lambda: [answer(body=HTML, content_type="text/html")], once(502)),
    Fault("502 with HTML", lambda: [answer(502, HTML)], only_get_again(502)),
    Fault(
        "200 without a body",
        lambda: [answer(body=b"")],
        (Outcome(502, 1), Outcome(200, 1), Outcome(200, 1), Outcome(200, 1)),
    ),
    Fault("200 with truncated JSON", lambda: [answer(body=JSON[:-9])], once(502)),
    Fault("200 with JSON and trailing data", lambda: [answer(body=JSON + b"garbage}")], once(502)),
    Fault("200 not in UTF-8", lambda: [answer(body=b'{"name": "\xff"}')], once(502)),
    Fault(
        "content-length too long", lambda: [then_hang_up(raw(head("content-length: 99") + JSON))], only_get_again(502)
    ),
    Fault("content-length too short", lambda: [raw(head("content-length: 9") + JSON)], once(502)),
    Fault("invalid content-length", lambda: [then_hang_up(raw(head("content-length: many") + JSON))], once(200)),
    Fault("gzip", lambda: [answer(body=PACKED, content_encoding="gzip")], once(200)),
    Fault("gzip with a truncated trailer", lambda: [answer(body=PACKED[:-4], content_encoding="gzip")], once(502)),
    Fault("invalid gzip", lambda: [answer(body=JSON, content_encoding="gzip")], only_get_again(502)),
    Fault(
        "chunked",
        lambda: [raw(head("transfer-encoding: chunked") + chunk(JSON[:9]) + chunk(JSON[9:]) + chunk(b""))],
        once(200),
    ),
    Fault(
        "chunked, closed before its end",
        lambda: [then_hang_up(raw(head("transfer-encoding: chunked") + chunk(JSON[:9])))],
        only_get_again(502),
    ),
    Fault(
        "chunked, a negative size",
        lambda: [raw(head("transfer-encoding: chunked") + b"-7\r\n" + JSON + b"\r\n" + chunk(b""))],
        only_get_again(502),
    ),
    Fault("100 Continue without end", lambda: [trickle(CONTINUE * 200, 0.005)], once(504), milliseconds=HURRIED),
    Fault("100 Continue, then 200", lambda: [raw(CONTINUE + head(f"content-length: {len(JSON)}") + JSON)], once(200)),
    Fault("103 only", lambda: [raw(b"HTTP/1.1 103 Early Hints\r\n\r\n")], once(502)),
    Fault("10 MB", lambda: [answer(body=big())], once(502)),
    Fault("redirect", lambda: [redirect()], once(502)),
    Fault("not HTTP", lambda: [then_hang_up(raw(b"220 mail.example.com ESMTP\r\n"))], only_get_again(502)),
]

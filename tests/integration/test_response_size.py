"""Lambda's response limit of 6,291,556 bytes of UTF-8 JSON: larger responses are compressed, or a 502."""

import base64
import csv
import gzip
import io
import json
import os
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from hms.http.transport import MAX_BODY_BYTES
from hms.types import Response
from hms_service.auth.caller import AuthScheme
from hms_service.http.router import Router
from hms_service.sessions.attendance.event import JOINED, LEFT, AttendanceEvent
from tests.integration.stack import Stack
from tests.support.aws import functions_environment
from tests.support.functions import http_event, load
from tests.support.lambda_context import Context
from tests.support.logs import Log
from tests.support.servers import ScriptedServer, answer, serve

LIMIT = 6_291_556
GZIP = "gzip, deflate, br"
ENVELOPE = {
    "code": 502,
    "message": "the response is too large to send",
    "details": ["accept-encoding: must allow gzip for a response of this size"],
}


@pytest.fixture
def upstream() -> Iterator[ScriptedServer]:
    with serve(answer()) as peer:
        yield peer


@pytest.fixture(autouse=True)
def environment(running_stack: Stack, upstream: ScriptedServer) -> Iterator[None]:
    with functions_environment(running_stack) as patch:
        patch.setenv("HMS_API_URL", f"{upstream.url}/v2")
        patch.setenv("HMS_IDEMPOTENCY_TABLE", "IdempotencyTable")
        patch.setenv("HMS_EVENT_BUS", "EventBus")
        yield


def sent(answered: Any) -> bytes:
    """Return the bytes that Lambda's Python 3.13 sends."""
    return json.dumps(answered, ensure_ascii=False).encode()


def text(answered: dict[str, Any]) -> str:
    """Return the body as a client reads it."""
    body = answered["body"].encode()
    body = base64.b64decode(body) if answered["isBase64Encoded"] else body
    is_gzip = answered["headers"].get("content-encoding") == "gzip"
    return (gzip.decompress(body) if is_gzip else body).decode()


class Peers:
    """Call `GET /active-rooms/<room>/peers`, for which 100ms returns the body."""

    def __init__(self, stack: Stack, upstream: ScriptedServer) -> None:
        self._function = load("active_rooms")
        self.stack = stack
        self.upstream = upstream
        self.log = Log("active_rooms")

    def list(self, body: str, accept_encoding: str = "", query: str = "") -> dict[str, Any]:
        self.upstream.script[:] = [answer(200, body.encode())]
        event = http_event("GET", "/active-rooms/r/peers", query=query, authorization=f"Bearer {self.stack.token}")
        if accept_encoding:
            event["headers"]["accept-encoding"] = accept_encoding
        answered: dict[str, Any] = self._function.handler(event, Context())
        assert len(sent(answered)) <= LIMIT
        return answered


@pytest.fixture
def peers(running_stack: Stack, upstream: ScriptedServer) -> Peers:
    return Peers(running_stack, upstream)


QUOTED = json.dumps({"peers": ["a"] * (MAX_BODY_BYTES // 5 - 10)})
"""The body exceeds the limit only because of its quotes, which take two bytes each."""


def test_an_answer_too_large_is_compressed_for_a_caller_that_accepts_gzip(peers: Peers) -> None:
    answered = peers.list(QUOTED, GZIP)
    assert (answered["statusCode"], answered["headers"]["content-encoding"]) == (200, "gzip")
    assert answered["headers"]["vary"] == "accept-encoding"
    assert answered["headers"]["Content-Type"] == "application/json"
    assert text(answered) == QUOTED


@pytest.mark.parametrize("accept_encoding", ["", "identity", "br", "gzip;q=0", "GZIP; q=0.0, br"])
def test_an_answer_too_large_is_502_for_others_and_the_log_says_so(peers: Peers, accept_encoding: str) -> None:
    answered = peers.list(QUOTED, accept_encoding)
    assert (answered["statusCode"], json.loads(answered["body"])) == (502, ENVELOPE)
    assert answered["headers"]["x-request-id"] == "request-1"
    assert answered["headers"]["cache-control"] == "no-store"
    (line,) = peers.log.lines()
    assert (line["level"], line["status"], line["upstream_status"]) == ("ERROR", 502, 200)
    assert (line["error"], line["route"]) == ("ResponseTooLargeError", "/active-rooms/<room_id>/peers")
    assert str(LIMIT) in line["reason"]


def test_the_limit_is_that_of_the_whole_response_to_the_byte(peers: Peers) -> None:
    shape = {"peers": [], "x": ""}
    around = len(sent(peers.list(json.dumps(shape))))
    quotes = ["a"] * 700_000
    room = LIMIT - around - len(sent(json.dumps({**shape, "peers": quotes}))) + len(sent(json.dumps(shape)))
    largest = json.dumps({"peers": quotes, "x": "x" * room})
    assert len(sent(peers.list(largest))) == LIMIT
    assert peers.list(largest.replace('"x": "x', '"x": "xx'))["statusCode"] == 502


def test_the_header_of_warnings_counts_towards_the_limit(peers: Peers, monkeypatch: pytest.MonkeyPatch) -> None:
    import hms.models.active_rooms  # noqa: F401, so that the first request is validated

    monkeypatch.setenv("HMS_VALIDATION", "observe")
    peers = Peers(peers.stack, peers.upstream)
    assert "x-hms-warnings" in peers.list("{}", query="x=1")["headers"]
    shape = {"peers": [], "x": ""}
    around = len(sent(peers.list(json.dumps(shape))))
    quotes = ["a"] * 700_000
    room = LIMIT - around - len(sent(json.dumps({**shape, "peers": quotes}))) + len(sent(json.dumps(shape)))
    largest = json.dumps({"peers": quotes, "x": "x" * room})
    assert peers.list(largest)["statusCode"] == 200
    assert peers.list(largest, query="x=1")["statusCode"] == 502


@pytest.mark.parametrize("letter", ["आ", "Ж", "\U0001f600", "x"])
def test_letters_take_as_many_bytes_as_in_utf_8(peers: Peers, letter: str) -> None:
    body = json.dumps({"x": letter * (5_200_000 // len(letter.encode()))}, ensure_ascii=False)
    answered = peers.list(body, GZIP)
    assert (answered["statusCode"], answered["body"]) == (200, body)
    assert "content-encoding" not in answered["headers"]


def test_an_answer_of_usual_size_is_encoded_once(peers: Peers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hms_service.http.size.encoded_size", lambda _: pytest.fail("encoded to be measured"))
    assert peers.list(json.dumps({"peers": ["a"] * 200_000}), GZIP)["statusCode"] == 200


def crowd(name: str, stays: int) -> list[AttendanceEvent]:
    """Return joins and leaves of a session, each of another peer with another user and name."""
    occurred_at = "2026-03-04T09:30:00.125000Z"
    peer = {
        "room_id": "r",
        "started_at": occurred_at,
        "role": "guest",
        "joined_at": occurred_at,
        "occurred_at": occurred_at,
    }
    return [
        AttendanceEvent(
            "s", kind, version="", peer_id=f"peer-{number:032}", user_id=f"user-{number:032}", name=name, **peer
        )
        for number in range(stays)
        for kind in (JOINED, LEFT)
    ]


@pytest.mark.parametrize("accept", ["application/json", "text/csv"])
@pytest.mark.parametrize(
    "name",
    [
        "आदित्य शर्मा",
        *(
            pytest.param(name, marks=pytest.mark.storm)
            for name in ("आदित्य शर्मा " * 4, "\U0001f600" * 8, 'a "quoted" name')
        ),
    ],
)
def test_attendance_of_thirty_thousand_stays_is_compressed(
    running_stack: Stack, monkeypatch: pytest.MonkeyPatch, name: str, accept: str
) -> None:
    facts = crowd(name, 30_000)
    monkeypatch.setattr("hms_service.sessions.attendance.repository.AttendanceRepository.list_events", lambda *_: facts)
    event = http_event("GET", "/sessions/s/attendance", authorization=f"Bearer {running_stack.token}")
    event["headers"] |= {"accept": accept, "accept-encoding": "gzip"}
    answered = load("attendance").handler(event, Context())
    assert answered["statusCode"] == 200
    assert len(sent(answered)) <= LIMIT
    is_compressed = "content-encoding" in answered["headers"]
    assert is_compressed == answered["isBase64Encoded"]
    assert answered["headers"]["vary"] == ("accept, accept-encoding" if is_compressed else "accept")
    if accept == "text/csv":
        lines = list(csv.DictReader(io.StringIO(text(answered).removeprefix("\ufeff"), newline="")))
        assert [line["name"] for line in lines] == [name] * 30_000
    else:
        assert [attendee["name"] for attendee in json.loads(text(answered))["attendees"]] == [name] * 30_000


@pytest.mark.parametrize(
    ("accept", "name"), [("application/json", "आदित्य शर्मा"), ("text/csv", "आदित्य शर्मा " * 4), ("text/csv", "😀" * 24)]
)
def test_attendance_too_large_for_a_caller_without_gzip_is_502(
    running_stack: Stack, monkeypatch: pytest.MonkeyPatch, accept: str, name: str
) -> None:
    facts = crowd(name, 30_000)
    monkeypatch.setattr("hms_service.sessions.attendance.repository.AttendanceRepository.list_events", lambda *_: facts)
    event = http_event("GET", "/sessions/s/attendance", authorization=f"Bearer {running_stack.token}")
    event["headers"]["accept"] = accept
    answered = load("attendance").handler(event, Context())
    assert (answered["statusCode"], json.loads(answered["body"])) == (502, ENVELOPE)
    assert answered["headers"]["content-type"] == "application/json"
    event["headers"]["accept-encoding"] = "gzip"
    assert load("attendance").handler(event, Context())["headers"]["content-encoding"] == "gzip"


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Response(200, os.urandom(5_000_000).hex()), id="a text that does not shrink enough"),
        pytest.param(Response(200, binary=b"x" * 4_800_000), id="binary"),
    ],
)
def test_a_response_too_large_even_when_compressed_is_502(reply: Response) -> None:
    router = Router("rooms")
    router.get("/large", lambda _: reply, AuthScheme.PUBLIC)
    event = http_event("GET", "/large")
    event["headers"]["accept-encoding"] = "gzip"
    answered = router.resolve(event, Context())
    assert (answered["statusCode"], json.loads(answered["body"])) == (502, {**ENVELOPE, "details": []})


def test_binary_of_a_size_that_fits_in_base64_is_sent() -> None:
    router = Router("rooms")
    router.get("/large", lambda _: Response(200, binary=b"x" * 4_700_000), AuthScheme.PUBLIC)
    answered = router.resolve(http_event("GET", "/large"), Context())
    assert (answered["statusCode"], len(sent(answered)) <= LIMIT) == (200, True)


def list_peers() -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "operation": "active_rooms.list_peers", "arguments": {"room_id": "r"}}


@pytest.mark.parametrize("count", [1, 3])
def test_a_command_whose_answer_is_too_large_is_answered_without_it(upstream: ScriptedServer, count: int) -> None:
    upstream.script[:] = [answer(200, b"[" + b"1e15," * 400_000 + b"1]")]  # Python writes 1000000000000000.0
    commands = [list_peers() for _ in range(count)]
    event = commands[0] if count == 1 else commands
    answered = load("commands").handler(event, Context(120_000))
    assert len(sent(answered)) <= LIMIT
    for detail in answered if count > 1 else [answered]:
        assert (detail["status"], detail["body"], detail["body_omitted"]) == (200, None, "too large")


def test_a_command_whose_answer_fits_is_answered_with_it(upstream: ScriptedServer) -> None:
    upstream.script[:] = [answer(200, b"[" + b"1e15," * 200_000 + b"1]")]
    answered = load("commands").handler(list_peers(), Context(120_000))
    assert answered["body"] == [1e15] * 200_000 + [1]

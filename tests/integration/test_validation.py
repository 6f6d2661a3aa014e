"""The parameter `Validation`: forwarded requests, rejected requests and warnings, by mode."""

import base64
import codecs
import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from hms.client import HmsClient
from tests.http_api import ROOT
from tests.integration.stack import Stack
from tests.support.aws import functions_environment
from tests.support.functions import http_event, load
from tests.support.lambda_context import Context
from tests.support.logs import Log
from tests.support.servers import ScriptedServer, answer, serve

MODES = ("observe", "reject", "off")
SENDING = ("observe", "off")
Json = dict[str, Any]


@pytest.fixture
def upstream() -> Iterator[ScriptedServer]:
    with serve(answer(200, b"{}")) as peer:
        yield peer


@pytest.fixture(autouse=True)
def environment(running_stack: Stack, upstream: ScriptedServer) -> Iterator[None]:
    with functions_environment(running_stack) as patch:
        patch.setenv("HMS_API_URL", f"{upstream.url}/v2")
        patch.setenv("HMS_AUTH_URL", f"{upstream.url}/v2")
        import hms.models.base  # noqa: F401, so that no request is the one that loads the models

        yield


@pytest.fixture(params=MODES)
def mode(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("HMS_VALIDATION", request.param)
    return str(request.param)


@pytest.fixture(autouse=True)
def token(running_stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", running_stack.token)


def call(folder: str, method: str, path: str, body: bytes | None = None, query: str = "", **headers: str) -> Json:
    event = http_event(method, path, query=query, authorization=f"Bearer {os.environ['TOKEN']}")
    event["headers"] |= headers
    if body is not None:
        event |= {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
    response: Json = load(folder).handler(event, Context())
    return response


def warnings_of(response: Json) -> str:
    return str(response["headers"].get("x-hms-warnings", ""))


ROOM = "/rooms/629dc2dda9b5fb4a7b0b3d1b"
CODES = "/room-codes/room/629dc2dda9b5fb4a7b0b3d1b"

UNDOCUMENTED = [
    # folder, method, path, query, body, forwarded body, warnings
    ("room_codes", "POST", CODES, "", b'{"enabled":true}', b"", "1; body=dropped"),
    ("room_codes", "POST", CODES, "", b"[]", b"", "1; body=dropped"),
    ("rooms", "POST", "/rooms", "", b'{"name":7}', b'{"name":7}', "1; name=type"),
    ("rooms", "POST", "/rooms", "", b'{ "nmae" : "a" }', b'{ "nmae" : "a" }', "1; nmae=unknown"),
    ("rooms", "POST", ROOM, "", b"[1]", b"[1]", "1; body=type"),
    ("polls", "POST", "/polls", "", None, b"", "1; body=required"),
    ("polls", "POST", "/polls", "", b"null", b"null", "1; body=type"),
    ("rooms", "GET", "/rooms", "limit=5", None, b"", "1; limit=range"),
    ("sessions", "GET", "/sessions", "active=maybe", None, b"", "1; active=format"),
    ("rooms", "POST", "/rooms", "", b'{"x":1,"name":7}', b'{"x":1,"name":7}', "2; x=unknown, name=type"),
    (
        "rooms",
        "POST",
        "/rooms",
        "",
        b'{"nmae":1,"webhook":{"url":"https://a.example","x":1}}',
        b'{"nmae":1,"webhook":{"url":"https://a.example","x":1}}',
        "2; nmae=unknown, webhook.x=unknown",
    ),
]


@pytest.mark.parametrize(("folder", "method", "path", "query", "body", "sent", "warnings"), UNDOCUMENTED)
def test_an_undocumented_request_is_sent_as_written_or_rejected(
    upstream: ScriptedServer,
    mode: str,
    folder: str,
    method: str,
    path: str,
    query: str,
    body: bytes | None,
    sent: bytes,
    warnings: str,
) -> None:
    response = call(folder, method, path, body, query)
    if mode == "reject":
        assert response["statusCode"] == 400
        assert upstream.requests == []
        assert warnings_of(response) == ""
        return
    assert response["statusCode"] == 200
    (request,) = upstream.requests
    assert request.body == sent
    assert request.target == f"/v2{path}" + (f"?{query}" if query else "")
    if mode == "observe":
        assert warnings_of(response) == warnings
    else:
        assert warnings_of(response) in ("", "1; body=dropped")


def test_every_unknown_name_of_a_query_is_warned_of(upstream: ScriptedServer, mode: str) -> None:
    for path in (ROOM, "/rooms"):
        response = call("rooms", "GET", path, query="a=1&b=2&a=3")
        assert response["statusCode"] == 200
        assert warnings_of(response) == ("2; a=unknown, b=unknown" if mode == "observe" else "")
    assert [request.target.partition("?")[2] for request in upstream.requests] == ["a=1&b=2&a=3"] * 2


NOT_GIVEN = [
    ("limit=0&room_id=&session_id=&start=", ""),
    ("limit=10&limit=10", "?limit=10"),
    ("active=true&limit=0", "?active=true"),
    ("room_id=a&room_id=b", "?room_id=a&room_id=b"),
]


@pytest.mark.parametrize(("query", "sent"), NOT_GIVEN)
@pytest.mark.parametrize("mode", SENDING)
def test_zero_limits_empty_values_and_equal_repeats_are_left_out(
    upstream: ScriptedServer, monkeypatch: pytest.MonkeyPatch, mode: str, query: str, sent: str
) -> None:
    monkeypatch.setenv("HMS_VALIDATION", mode)
    assert call("sessions", "GET", "/sessions", query=query)["statusCode"] == 200
    assert upstream.requests[0].target == f"/v2/sessions{sent}"


@pytest.mark.parametrize("value", ["1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False"])
def test_a_boolean_is_written_as_go_reads_it(
    upstream: ScriptedServer, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("HMS_VALIDATION", "observe")
    response = call("sessions", "GET", "/sessions", query=f"active={value}")
    assert (response["statusCode"], warnings_of(response)) == (200, "")
    assert upstream.requests[0].target == f"/v2/sessions?active={value}"
    monkeypatch.setenv("HMS_VALIDATION", "reject")
    assert call("sessions", "GET", "/sessions", query=f"active={value}")["statusCode"] == (
        200 if value in ("true", "false") else 400
    )


@pytest.mark.parametrize("body", [b"null", b'""', b"[]"])
@pytest.mark.parametrize("mode", SENDING)
def test_an_empty_value_stands_for_an_empty_object(
    upstream: ScriptedServer, monkeypatch: pytest.MonkeyPatch, mode: str, body: bytes
) -> None:
    monkeypatch.setenv("HMS_VALIDATION", mode)
    path = "/active-rooms/629dc2dda9b5fb4a7b0b3d1b/end-room"
    assert call("active_rooms", "POST", path, body)["statusCode"] == 200
    assert call("active_rooms", "POST", path)["statusCode"] == 200
    assert [request.body for request in upstream.requests] == [b"{}", b""]


@pytest.mark.parametrize("content_type", ["text/plain;charset=UTF-8", "application/x-www-form-urlencoded", "", "x"])
@pytest.mark.parametrize("mode", SENDING)
def test_a_body_is_json_whatever_its_content_type(
    upstream: ScriptedServer, monkeypatch: pytest.MonkeyPatch, mode: str, content_type: str
) -> None:
    monkeypatch.setenv("HMS_VALIDATION", mode)
    response = call("rooms", "POST", "/rooms", b'{"name": "a"}', **{"content-type": content_type})
    assert (response["statusCode"], warnings_of(response)) == (200, "")
    assert upstream.requests[0].body == b'{"name": "a"}'
    assert upstream.requests[0].headers["content-type"] == "application/json"


@pytest.mark.parametrize("mode", SENDING)
def test_a_byte_order_mark_is_stripped(upstream: ScriptedServer, monkeypatch: pytest.MonkeyPatch, mode: str) -> None:
    monkeypatch.setenv("HMS_VALIDATION", mode)
    assert call("rooms", "POST", "/rooms", codecs.BOM_UTF8 + b'{"name":"a"}')["statusCode"] == 200
    assert upstream.requests[0].body == b'{"name":"a"}'


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"name":"a","name":"a"}', 200),
        (b'{"name":"a","name":"b"}', 400),
        (b'{"enabled":true,"enabled":1}', 400),
        (b'{"recording_info":{"enabled":true},"recording_info":{"enabled":true}}', 200),
    ],
)
def test_equal_duplicates_are_sent_and_different_ones_refused(
    upstream: ScriptedServer, monkeypatch: pytest.MonkeyPatch, body: bytes, status: int
) -> None:
    monkeypatch.setenv("HMS_VALIDATION", "observe")
    assert call("rooms", "POST", "/rooms", body)["statusCode"] == status
    assert [request.body for request in upstream.requests] == ([body] if status == 200 else [])


@pytest.mark.parametrize(
    "body", [b"{", b"{'a': 1}", b'{"a": NaN}', b'{"a": 1e400}', b'{"a": "\\ud800"}', b"[" * 101 + b"]" * 101, b"\xff"]
)
def test_text_that_is_not_json_is_refused_in_every_mode(upstream: ScriptedServer, mode: str, body: bytes) -> None:
    for folder, path in (("rooms", "/rooms"), ("room_codes", CODES)):
        assert call(folder, "POST", path, body)["statusCode"] == 400
    assert upstream.requests == []


def test_own_routes_are_strict_in_every_mode(upstream: ScriptedServer, mode: str) -> None:
    for body in (
        b"[]",
        b"null",
        b'{"roomId":7,"role":"r","userId":"u"}',
        b'{"room_Id":"a","role":"r","userId":"u"}',
    ):
        response = call("tokens", "POST", "/token", body)
        assert response["statusCode"] == 400
        assert warnings_of(response) == ""
    assert call("tokens", "POST", "/token", b"{}", **{"content-type": "text/plain"})["statusCode"] == 415


MESSAGE = "/active-rooms/629dc2dda9b5fb4a7b0b3d1b/send-message"


@pytest.mark.parametrize(
    ("body", "sent"),
    [
        (b'{"message":"hi","peerId":"p"}', b'{"peer_id":"p","message":"hi","peerId":"p"}'),
        (
            b' {  "peerId" : "\xc3\xa9" ,"message":""}',
            b' {"peer_id":"\xc3\xa9",  "peerId" : "\xc3\xa9" ,"message":""}',
        ),
        (b'{"message":"hi","peerId":"p","peer_id":"p"}', b'{"message":"hi","peerId":"p","peer_id":"p"}'),
        (b'{"message":"hi","peerId":""}', b'{"message":"hi","peerId":""}'),
    ],
)
def test_a_message_to_the_sdks_peer_id_stays_private(
    upstream: ScriptedServer, mode: str, body: bytes, sent: bytes
) -> None:
    assert call("active_rooms", "POST", MESSAGE, body)["statusCode"] == 200
    assert upstream.requests[0].body == sent


@pytest.mark.parametrize("peer_id", ["q", None, "", 7])
def test_two_different_receivers_are_refused_in_every_mode(
    upstream: ScriptedServer, mode: str, peer_id: object
) -> None:
    body = json.dumps({"message": "hi", "peerId": "p", "peer_id": peer_id}).encode()
    response = call("active_rooms", "POST", MESSAGE, body)
    assert json.loads(response["body"])["details"] == ["peerId: must equal peer_id if both are given"]
    assert upstream.requests == []


def test_a_room_code_is_not_exchanged_by_the_call_that_once_disabled_it(upstream: ScriptedServer, mode: str) -> None:
    response = call("room_codes", "POST", "/room-codes/code/abc-defg-hij", b'{"enabled": false}')
    assert response["statusCode"] == 400
    assert json.loads(response["body"])["details"] == ["enabled: not allowed here; use POST /room-codes/code"]
    assert upstream.requests == []


@pytest.mark.usefixtures("upstream")
def test_no_name_of_a_caller_ends_a_header_or_reaches_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    load("rooms")
    log = Log("rooms")
    monkeypatch.setenv("HMS_VALIDATION", "observe")
    names = {"nmae\r\nset-cookie: x": 1, "NAME": "Ada Lovelace", "descriptio\u00f1": 1} | {
        "nam" + "\U0001f600" * n: 1 for n in (1,)
    }
    response = call("rooms", "POST", "/rooms", json.dumps(names, ensure_ascii=False).encode())
    header = warnings_of(response)
    assert header.isascii()
    assert header.isprintable()
    assert len(header) <= 1024
    assert "NAME=unknown" in header
    (line,) = log.lines()
    assert set(line["warnings"]) <= {"name=unknown", "description=unknown", "*=unknown"}
    assert line["warnings"]


@pytest.mark.usefixtures("upstream")
@pytest.mark.parametrize(
    ("name", "shown"), [("491701234567", "491701234567"), ("a~b", "a%7Eb"), ("a%b", "a%25b"), ("\u0663", "%D9%A3")]
)
def test_a_name_is_whole_in_the_header_and_hidden_in_the_log(
    monkeypatch: pytest.MonkeyPatch, name: str, shown: str
) -> None:
    monkeypatch.setenv("HMS_VALIDATION", "observe")
    load("rooms")
    log = Log("rooms")
    body = json.dumps({"webhook": {"url": "https://a.example", "headers": {name: 1}}}, ensure_ascii=False)
    assert warnings_of(call("rooms", "POST", "/rooms", body.encode())) == f"1; webhook.headers.{shown}=type"
    assert log.lines()[0]["warnings"] == ["webhook.headers.*=type"]


def test_an_index_is_logged(upstream: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HMS_VALIDATION", "observe")
    load("polls")
    log = Log("polls")
    body = b'{"title":"t","questions":[{"index":1,"text":"q","type":"single-choice","491701234567":1}]}'
    assert warnings_of(call("polls", "POST", "/polls", body)) == "1; questions.0.491701234567=unknown"
    assert log.lines()[0]["warnings"] == ["questions.0.*=unknown"]
    assert upstream.requests


def test_a_body_full_of_unknown_names_has_a_bounded_number_of_warnings(
    upstream: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HMS_VALIDATION", "observe")
    roles = {f"r{index}": {f"x{number}": 1 for number in range(15)} for index in range(5000)}
    body = json.dumps({"roles": roles}, separators=(",", ":")).encode()
    response = call("templates", "POST", "/templates", body)
    assert response["statusCode"] == 200
    assert 100 <= int(warnings_of(response).partition(";")[0]) <= 1000
    assert len(upstream.requests) == 1


def test_the_warnings_of_a_long_lived_client_are_bounded(
    upstream: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HMS_VALIDATION", "observe")
    client = HmsClient.from_environment()
    for _ in range(15):
        assert client.rooms.create({f"x{number}": 1 for number in range(100)}).status_code == 200
    assert 100 <= len(client.requester.stats.warnings) <= 1000
    assert len(upstream.requests) == 15


def test_a_header_has_at_most_ten_warnings(upstream: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HMS_VALIDATION", "observe")
    names = ["name", "description", "size", "large_room", "max_duration_seconds", "polls", "template_id", "region"]
    body: Json = {name: {} for name in names}
    body |= {"recording_info": {"enabled": 1, "upload_info": 1}, "webhook": {"url": 1, "headers": 1}}
    response = call("rooms", "POST", "/rooms", json.dumps(body).encode())
    header = warnings_of(response)
    count, _, shown = header.partition("; ")
    assert int(count) >= 10
    assert shown.count(",") == 9
    assert len(header) <= 1024
    assert len(upstream.requests) == 1


def test_warnings_are_counted(
    upstream: ScriptedServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HMS_VALIDATION", "observe")
    call("rooms", "POST", "/rooms", b'{"name": 7, "description": 7}')
    (metrics,) = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "ValidationWarnings" in line]
    assert metrics["ValidationWarnings"] == [2.0]
    (directive,) = metrics["_aws"]["CloudWatchMetrics"]
    assert {name for names in directive["Dimensions"] for name in names} <= {"stack", "service"}
    assert len(upstream.requests) == 1


@pytest.mark.usefixtures("upstream")
def test_a_check_that_fails_does_not_fail_the_request(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def crash(*_: object, **__: object) -> None:
        raise RuntimeError("a fault of the check")

    monkeypatch.setenv("HMS_VALIDATION", "observe")
    monkeypatch.setattr("hms.models.base.find_problems", crash)
    load("rooms")
    log = Log("rooms")
    assert call("rooms", "POST", "/rooms", b"{}")["statusCode"] == 200
    assert log.lines()[0]["validation"] == "failed"
    assert "ValidationFailures" in capsys.readouterr().out


def test_a_thread_that_cannot_start_does_not_fail_the_request(
    upstream: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setenv("HMS_VALIDATION", "observe")
    load("rooms")
    log = Log("rooms")
    monkeypatch.delitem(sys.modules, "hms.models.base")
    monkeypatch.setattr("hms.validation.Thread", refuse)
    assert call("rooms", "POST", "/rooms", b"{}")["statusCode"] == 200
    assert log.lines()[0]["validation"] == "failed"
    assert len(upstream.requests) == 1


COLD = """
import json, os, sys, time
from tests.support.functions import http_event, load
from tests.support.lambda_context import Context
from tests.support.logs import Log
handler = load("rooms").handler
event = http_event("POST", "/rooms", body='{"name": 7}', authorization=f"Bearer {os.environ['TOKEN']}")
assert "pydantic" not in sys.modules
first = handler(event, Context())
for _ in range(200):
    time.sleep(0.05)
    last = handler(event, Context())
    if "x-hms-warnings" in last["headers"]:
        break
print(json.dumps([first["statusCode"], first["headers"].get("x-hms-warnings"), last["headers"].get("x-hms-warnings")]))
"""


@pytest.mark.parametrize(("mode", "expected"), [("observe", [200, None, "1; name=type"]), ("off", [200, None, None])])
def test_a_cold_request_does_not_wait_for_the_models(
    upstream: ScriptedServer, mode: str, expected: list[object]
) -> None:
    environment = {**os.environ, "HMS_VALIDATION": mode, "PYTHONPATH": f"{ROOT}/layers/common:{ROOT}"}
    script = (
        COLD if mode == "observe" else COLD.replace("range(200)", "range(3)") + "assert 'pydantic' not in sys.modules\n"
    )
    process = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert process.returncode == 0, process.stderr
    lines = process.stdout.splitlines()
    assert json.loads(lines[-1]) == expected
    if mode == "observe":
        assert '"validation":"skipped"' in process.stdout
    assert upstream.requests


COMMANDS = [
    # operation, arguments, forwarded request, warnings
    ("recordings.stop_room", {"room_id": "r", "body": {"a": 1}}, b"", ["body=dropped"]),
    ("rooms.create", {"body": {"nmae": "a"}}, b'{"nmae": "a"}', ["nmae=unknown"]),
    ("rooms.update", {"room_id": "r", "body": [1]}, b"[1]", ["body=type"]),
    ("active_rooms.end", {"room_id": "r", "body": []}, b"{}", None),
    ("active_rooms.send_message", {"room_id": "r", "body": {"message": "m", "peerId": "p"}}, None, None),
]


@pytest.mark.parametrize(("operation", "arguments", "sent", "warnings"), COMMANDS)
def test_commands_follow_validation(
    upstream: ScriptedServer,
    monkeypatch: pytest.MonkeyPatch,
    mode: str,
    operation: str,
    arguments: Json,
    sent: bytes | None,
    warnings: list[str] | None,
) -> None:
    monkeypatch.setenv("HMS_IDEMPOTENCY_TABLE", "IdempotencyTable")
    monkeypatch.setenv("HMS_EVENT_BUS", "EventBus")
    commands = load("commands")
    log = Log("commands")
    result = commands.handler({"operation": operation, "arguments": arguments}, Context(120_000, str(uuid.uuid4())))
    (line,) = log.lines()
    if mode == "reject" and sent is not None:
        assert (result["status"], upstream.requests) == (400, [])
        assert "warnings" not in {*result, *line}
        return
    assert result["status"] == 200
    if sent is None:
        assert json.loads(upstream.requests[0].body) == {"message": "m", "peerId": "p", "peer_id": "p"}
    else:
        assert upstream.requests[0].body == sent
    if mode == "observe":
        assert result.get("warnings") == warnings
        assert line.get("warnings") == (["name=unknown"] if warnings == ["nmae=unknown"] else warnings)

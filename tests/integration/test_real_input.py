"""Inputs that other users of 100ms have reported, each with the correct response."""

import codecs
import json
import time
import uuid
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
import requests

from hms.client import HmsClient
from hms.errors import RateLimitError
from hms.operations import load_operations
from hms_service.webhooks import sanitize_json
from local.stack import WEBHOOK_SECRET
from tests.integration.stack import Stack
from tests.integration.test_response_size import text
from tests.support.aws import functions_environment
from tests.support.commands import batch
from tests.support.functions import http_event, load
from tests.support.lambda_context import Context
from tests.support.logs import Log
from tests.support.servers import ScriptedServer, answer, raw, serve

Json = dict[str, Any]

ZERO_TIME = "0001-01-01T00:00:00Z"
YEAR_99999 = "Fri, 31 Dec 99999 23:59:59 GMT"
PEER = {"room_id": "r-1", "peer_id": "p-1", "user_name": "Ada", "role": "host"}


@pytest.fixture(scope="module")
def peer() -> Iterator[ScriptedServer]:
    with serve(answer()) as peer:
        yield peer


@pytest.fixture
def upstream(peer: ScriptedServer) -> ScriptedServer:
    """A 100ms with the responses of the test."""
    peer.script[:] = [answer(200, b"{}")]
    peer.requests.clear()
    return peer


@pytest.fixture(scope="module", autouse=True)
def environment(running_stack: Stack, peer: ScriptedServer) -> Iterator[None]:
    with functions_environment(running_stack) as patch:
        patch.setenv("HMS_API_URL", f"{peer.url}/v2")
        patch.setenv("HMS_IDEMPOTENCY_TABLE", "IdempotencyTable")
        patch.setenv("HMS_EVENT_BUS", "EventBus")
        yield


def call(stack: Stack, folder: str, method: str, path: str, **event: Any) -> Json:
    """Return the function's response to a management token of the app."""
    headers = event.pop("headers", {})
    request_event = http_event(method, path, authorization=f"Bearer {stack.token}", **event)
    request_event["headers"] |= headers
    answered: Json = load(folder).handler(request_event, Context())
    json.dumps(answered, ensure_ascii=False).encode()
    return answered


# Times


def webhook(kind: str, session_id: str, timestamp: str, **data: Any) -> Json:
    started = {"session_started_at": "2026-01-01T09:59:59Z"}
    data = {"session_id": session_id, **PEER, **started, **data}
    return {"id": f"ev-{uuid.uuid4()}", "version": "2.0", "type": kind, "timestamp": timestamp, "data": data}


def sheet(stack: Stack, *webhooks: Json, stays: int = 1) -> Json:
    """Return a session's attendance once it contains the last of the webhooks, which are sent over HTTP."""
    for event in webhooks:
        headers = {"x-webhook-secret": WEBHOOK_SECRET}
        assert requests.post(f"{stack.api}/webhooks", json=event, headers=headers, timeout=30).status_code == 200
    url = f"{stack.api}/sessions/{webhooks[0]['data']['session_id']}/attendance"
    ends = time.monotonic() + 15
    while True:
        answered = requests.get(url, headers={"authorization": f"Bearer {stack.token}"}, timeout=30)
        found: Json = answered.json()
        is_done = all(row["left_at"] for row in found.get("attendees", [])) or len(webhooks) == 1
        if answered.status_code == 200 and is_done:
            assert len(found["attendees"]) == stays
            return found
        assert time.monotonic() < ends, found
        time.sleep(0.05)


@pytest.mark.parametrize(
    "leave",
    [
        {"joined_at": ZERO_TIME, "left_at": "2026-01-01T10:30:00Z"},
        {"joined_at": "2026-01-01T10:00:00Z", "left_at": ZERO_TIME, "session_started_at": ZERO_TIME},
    ],
)
def test_a_leave_with_go_s_zero_time_ends_the_stay_that_there_is(stack: Stack, leave: Json) -> None:
    session_id = str(uuid.uuid4())
    join = webhook("peer.join.success", session_id, "2026-01-01T10:00:00Z", joined_at="2026-01-01T10:00:00Z")
    found = sheet(stack, join, webhook("peer.leave.success", session_id, "2026-01-01T10:30:00Z", **leave))
    assert found["started_at"] == "2026-01-01T09:59:59.000000Z"
    (stay,) = found["attendees"]
    assert (stay["joined_at"], stay["left_at"], stay["duration_seconds"]) == (
        "2026-01-01T10:00:00.000000Z",
        "2026-01-01T10:30:00.000000Z",
        1_800,
    )


def test_a_close_with_go_s_zero_time_ends_the_session_at_its_timestamp(stack: Stack) -> None:
    session_id = str(uuid.uuid4())
    join = webhook("peer.join.success", session_id, "2026-01-01T10:00:00Z", joined_at="2026-01-01T10:00:00Z")
    close = webhook("session.close.success", session_id, "2026-01-01T11:00:00Z", session_stopped_at=ZERO_TIME)
    found = sheet(stack, join, close)
    assert found["ended_at"] == "2026-01-01T11:00:00.000000Z"
    assert [row["duration_seconds"] for row in found["attendees"]] == [3_600]


def test_a_join_with_times_outside_the_calendar_is_dated_by_its_timestamp(stack: Stack) -> None:
    session_id = str(uuid.uuid4())
    instants = {"joined_at": "0001-01-01T00:00:00+05:30", "session_started_at": "9999-12-31T23:59:59-05:30"}
    found = sheet(stack, webhook("peer.join.success", session_id, "2026-01-01T10:00:00Z", **instants))
    assert (found["started_at"], found["ended_at"]) == (None, None)
    assert [row["joined_at"] for row in found["attendees"]] == ["2026-01-01T10:00:00.000000Z"]


@pytest.mark.parametrize("table", ["AttendanceTable", "IdempotencyTable"])
def test_no_item_has_a_ttl_that_dynamodb_ignores(stack: Stack, upstream: ScriptedServer, table: str) -> None:
    call(stack, "rooms", "POST", "/rooms", body="{}", headers={"idempotency-key": str(uuid.uuid4())})
    sheet(stack, webhook("peer.join.success", str(uuid.uuid4()), "2001-01-01T10:00:00Z", joined_at=ZERO_TIME))
    attribute = {"AttendanceTable": "expires_at", "IdempotencyTable": "expiration"}[table]
    found = boto3.resource("dynamodb").Table(table).scan()["Items"]
    assert found
    assert all(int(str(item[attribute])) > time.time() - 5 * 365 * 86_400 for item in found)


# Sizes


def peers_of_100ms() -> str:
    """A response of 100ms with 14,484 peers with JSON metadata: 5.2 MB, or 6.3 MB in Lambda's encoding."""
    metadata = {"avatar": "", "team": "blue", "hand": "no", "level": "3", "lang": "hi", "seat": "12", "muted": "no"}
    ids = [f"5f9edc6a-c238-4215-aec2-{number:012}" for number in range(14_484)]
    joined = "2026-01-01T10:00:00Z"
    peer = {"name": "Ada", "user_id": "u" * 40, "metadata": json.dumps(metadata), "role": "host", "joined_at": joined}
    return json.dumps({"count": len(ids), "peers": {item: {"id": item, **peer} for item in ids}}).ljust(5_199_854)


QUOTED = '{"peers": [' + '"a",' * 1_299_990 + '"a"]}'
PEERS = peers_of_100ms()


@pytest.mark.parametrize("body", [PEERS, QUOTED], ids=["metadata", "letters"])
def test_peers_that_lambda_cannot_carry_arrive_over_http(stack: Stack, body: str) -> None:
    assert len(body.encode()) < 5 * 1024 * 1024
    assert len(json.dumps(body, ensure_ascii=False).encode()) > 6_291_556
    for accept_encoding, status in (("gzip", 200), ("identity", 502)):
        fault = {"path": "/v2/active-rooms/*/peers", "status": 200, "body": body}
        fault["headers"] = {"content-type": "application/json"}
        requests.post(f"{stack.simulator}/_simulator/faults", json=fault, timeout=30).raise_for_status()
        answered = requests.get(
            f"{stack.api}/active-rooms/r/peers",
            headers={"authorization": f"Bearer {stack.token}", "accept-encoding": accept_encoding},
            timeout=60,
        )
        assert answered.status_code == status
        assert answered.headers["content-type"] == "application/json"
        if status == 200:
            assert (answered.headers["content-encoding"], answered.headers["vary"]) == ("gzip", "accept-encoding")
            assert answered.text == body
        else:
            assert "content-encoding" not in answered.headers
            assert answered.json()["message"] == "the response is too large to send"
            assert answered.json()["details"] == ["accept-encoding: must allow gzip for a response of this size"]


@pytest.mark.parametrize(("letter", "count"), [("Ж", 70_000), ("\U0001f600", 32_500)])
def test_an_answer_whose_letters_are_escaped_in_the_store_is_replayed(
    stack: Stack, upstream: ScriptedServer, letter: str, count: int
) -> None:
    body = json.dumps({"title": letter * count}, ensure_ascii=False)
    upstream.script[:] = [answer(200, body.encode())]
    key = {"idempotency-key": str(uuid.uuid4())}
    first, second = (call(stack, "polls", "POST", "/polls/p", body="{}", headers=key) for _ in range(2))
    assert (first["statusCode"], text(first)) == (200, body)
    assert (second["statusCode"], second["headers"]["idempotent-replay"]) == (200, "true")
    assert json.loads(text(second))["message"] == "the response was too large to store"
    assert len(upstream.requests) == 1


# Responses of 100ms


OK_WITH_ABSURD_PAUSE = (
    b'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 10\r\nretry-after: %b\r\n\r\n{"id":"x"}'
)
NEGATIVE_CHUNK = b'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n-7\r\n{"a":1}\r\n0\r\n\r\n'
SLOW_DOWN = (
    b"HTTP/1.1 429 Too Many Requests\r\ncontent-type: application/json\r\ncontent-length: 28\r\n"
    b'retry-after: Fri, 31 Dec 99999 23:59:59 GMT\r\n\r\n{"code":429,"message":"slow"}'
)


@pytest.mark.parametrize(
    ("answered", "status"),
    [
        (OK_WITH_ABSURD_PAUSE % YEAR_99999.encode(), 200),
        (OK_WITH_ABSURD_PAUSE % (b"9" * 5_000), 200),
        (NEGATIVE_CHUNK, 502),
    ],
)
def test_a_change_is_sent_once_whatever_its_answer_holds(
    stack: Stack, upstream: ScriptedServer, answered: bytes, status: int
) -> None:
    upstream.script[:] = [raw(answered)]
    key = {"idempotency-key": str(uuid.uuid4())}
    found = [call(stack, "rooms", "POST", "/rooms", body="{}", headers=key) for _ in range(3)]
    assert [item["statusCode"] for item in found] == [status] * 3
    assert ["retry-after" in item["headers"] for item in found] == [False] * 3
    assert len(upstream.requests) == 1


@pytest.mark.parametrize(("answered", "status"), [(SLOW_DOWN, 429), (NEGATIVE_CHUNK, 502)])
def test_a_read_is_answered_with_what_100ms_says_or_502(
    stack: Stack, upstream: ScriptedServer, answered: bytes, status: int
) -> None:
    upstream.script[:] = [raw(answered)]
    found = call(stack, "rooms", "GET", "/rooms")
    assert (found["statusCode"], json.loads(found["body"])["code"]) == (status, status)
    assert "retry-after" not in found["headers"]
    (outcome,) = command({"operation": "rooms.list"})
    assert (outcome["status"], outcome["body"]["code"]) == (status, status)
    message = batch({"operation": "rooms.list"}, prefix=str(uuid.uuid4()))
    assert len(load("commands").handler(message, Context(120_000))["batchItemFailures"]) == 1


@pytest.mark.parametrize("pause", ["inf", "nan", "1e400", "-1", YEAR_99999, "9" * 5_000])
def test_the_sdk_gives_a_sane_pause_or_none(upstream: ScriptedServer, pause: str) -> None:
    upstream.script[:] = [answer(429, b'{"code":429,"message":"slow"}', retry_after=pause)]
    with pytest.raises(RateLimitError) as limited:
        HmsClient.from_environment().rooms.create({}).raise_for_status()
    assert limited.value.retry_after is None


# Unusual JSON


def test_a_room_s_name_of_half_a_pair_is_refused_with_if_none_match(stack: Stack, upstream: ScriptedServer) -> None:
    headers = {"if-none-match": "*"}
    assert call(stack, "rooms", "POST", "/rooms", body='{"name":"\\ud83d"}', headers=headers)["statusCode"] == 400
    assert upstream.requests == []


def test_a_webhook_whose_id_is_half_a_pair_is_accepted_and_logged(capfd: pytest.CaptureFixture[str]) -> None:
    event = http_event("POST", "/webhooks", body='{"id":"a\\ud83d1","type":"peer.join.success","data":{}}')
    event["headers"]["x-webhook-secret"] = WEBHOOK_SECRET
    function = load("webhooks")
    log = Log("webhooks")
    assert function.handler(event, Context(8_000))["statusCode"] == 200
    assert [line["event_id"] for line in log.lines()] == ["a\ufffd1"]
    assert "Logging error" not in capfd.readouterr().err


def command(*events: Any) -> Any:
    return load("commands").handler(list(events), Context(120_000, str(uuid.uuid4())))


def test_a_direct_command_with_a_lone_surrogate_fails_and_the_other_runs(upstream: ScriptedServer) -> None:
    room = {"room_id": "627cda81ab4f3b56a077dc33", "x\ud83d": 1}
    outcomes = command({"operation": "rooms.list"}, {"operation": "active_rooms.end", "arguments": room})
    json.dumps(outcomes, ensure_ascii=False).encode()
    assert [outcome["status"] for outcome in outcomes] == [200, 400]
    assert [request.method for request in upstream.requests] == ["GET"]


def test_a_direct_command_with_a_number_beyond_all_doubles_is_not_sent(upstream: ScriptedServer) -> None:
    event = json.loads('{"operation":"rooms.create","arguments":{"body":{"name":"x","zzz":1e999}}}')
    assert [outcome["status"] for outcome in command(event)] == [400]
    assert upstream.requests == []


@pytest.mark.parametrize(
    "message",
    [
        json.dumps({"operation": "rooms.retrieve", "arguments": {"room_id": "a" * 70_000}}),
        '{"operation":"rooms.list","arguments":{"name":"a\\ud83d"}}',
    ],
    ids=["long id", "half a pair"],
)
def test_a_message_that_can_never_succeed_is_not_tried_again(upstream: ScriptedServer, message: str) -> None:
    event = batch(message, prefix=str(uuid.uuid4()))
    assert load("commands").handler(event, Context(120_000)) == {"batchItemFailures": []}
    assert upstream.requests == []


VALUES = [
    *('"\\ud83d"', "NaN", "-1e999", "1e308", "-0.0", "9" * 4_300, "9" * 4_301, "true", "null", "[]", "{}", "[1, null]"),
    *('""', '"a/b"', '".."', '"%2e"', '"\\u0000"', '"\uffff"', '"' + "é" * 513 + '"', '"' + "a" * 300_000 + '"'),
    *("[" * 99 + "]" * 99, '{"a":' * 90 + "1" + "}" * 90, '{"\\udfff": 1}', '["a", ["b"]]'),
]
"""JSON values that are unusual in JSON or in Python."""


def test_whatever_an_argument_is_a_command_ends_at_once(upstream: ScriptedServer) -> None:
    commands = load("commands")
    for index, (name, operation) in enumerate(load_operations().items()):
        values = VALUES[index % 4 :: 4]
        known = dict.fromkeys(operation.path_parameters, '"627cda81ab4f3b56a077dc33"')
        places = [*operation.path_parameters, *(["body"] if operation.body else []), "limit", ""]
        messages = []
        for number, value in enumerate(values, index):
            members = {**known, places[number % len(places)]: value}
            arguments = ", ".join(f'"{member}": {written}' for member, written in members.items())
            messages.append(f'{{"operation": "{name}", "arguments": {{{arguments}}}}}')
        event = batch(*messages, prefix=str(uuid.uuid4()))
        log = Log("commands")
        assert commands.handler(event, Context(120_000)) == {"batchItemFailures": []}
        lines = log.lines()
        assert len(lines) == len(values)
        assert all(line["message"] == "command" and line["status"] < 500 for line in lines)


MEMBERS = ["id", "timestamp", *("session_id", "room_id", "peer_id", "user_id", "user_name", "role")]
MEMBERS += ["joined_at", "left_at", "session_started_at", "session_stopped_at"]


@pytest.mark.parametrize("kind", ["peer.join.success", "peer.leave.success", "session.close.success"])
def test_whatever_a_member_of_a_webhook_is_attendance_has_it_or_drops_it(stack: Stack, kind: str) -> None:
    session_id = str(uuid.uuid4())
    sheet(stack, webhook("peer.join.success", session_id, "2026-01-01T10:00:00Z"))
    records: list[Json] = []
    for member in MEMBERS:
        for value in VALUES:
            event = webhook(kind, session_id, "2026-01-01T10:30:00Z")
            (event if member in event else event["data"])[member] = "VALUE"
            detail = sanitize_json(json.dumps(event).replace('"VALUE"', value).encode()).decode()
            records.append({"messageId": str(len(records)), "body": f'{{"detail": {detail}}}'})
    keeper = load("attendance_keeper")
    assert keeper.handler({"Records": records}, Context()) == {"batchItemFailures": []}
    answered = call(stack, "attendance", "GET", f"/sessions/{session_id}/attendance")
    assert answered["statusCode"] == 200
    assert all(row["name"] or row["peer_id"] != "p-1" for row in json.loads(answered["body"])["attendees"])


# Paths


@pytest.mark.parametrize(
    ("method", "path", "sent", "status"),
    [
        ("POST", "/rooms/{}%2Fdisable", ("POST", "/v2/rooms/{}", '{"enabled": false}'), 200),
        (
            "DELETE",
            "/polls/{}/questions/1%2Foptions%2F2",
            ("DELETE", "/v2/polls/{}/questions/1/options/2", ""),
            204,
        ),
    ],
)
def test_an_encoded_slash_is_a_slash_as_on_api_gateway(
    stack: Stack, method: str, path: str, sent: tuple[str, str, str], status: int
) -> None:
    fault = {"method": method, "status": status, **({"body": {}} if status == 200 else {})}
    requests.post(f"{stack.simulator}/_simulator/faults", json=fault, timeout=10).raise_for_status()
    some_id = "627cda81ab4f3b56a077dc33"
    headers = {"authorization": f"Bearer {stack.token}"}
    answered = requests.request(method, stack.api + path.format(some_id), headers=headers, timeout=30)
    assert answered.status_code == status
    (received,) = requests.get(f"{stack.simulator}/_simulator/requests", timeout=10).json()["requests"]
    assert (received["method"], received["path"], received["body"]) == (sent[0], sent[1].format(some_id), sent[2])


def test_the_mapping_of_a_custom_domain_is_no_part_of_the_route(
    stack: Stack, upstream: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HMS_BASE_PATH", "hms")
    assert call(stack, "rooms", "GET", "/hms/rooms")["statusCode"] == 200
    assert [request.target for request in upstream.requests] == ["/v2/rooms"]


@pytest.mark.parametrize(("length", "status"), [(2_049, 400), (1_025, 400), (1_024, 404)])
def test_a_session_id_that_is_no_key_is_the_caller_s_mistake(stack: Stack, length: int, status: int) -> None:
    url = f"{stack.api}/sessions/{'x' * length}/attendance"
    answered = requests.get(url, headers={"authorization": f"Bearer {stack.token}"}, timeout=30)
    assert (answered.status_code, answered.json()["code"]) == (status, status)


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_the_headers_of_a_public_page_can_be_asked_for(stack: Stack, path: str) -> None:
    headers = {"accept-encoding": "gzip"}
    head = requests.head(stack.api + path, headers=headers, timeout=30)
    page = requests.get(stack.api + path, headers=headers, timeout=30)
    assert (head.status_code, head.content) == (page.status_code, b"") == (200, b"")
    assert head.headers["content-type"] == page.headers["content-type"]


# Strings


@pytest.mark.parametrize("around", ["{}\n", "\r\n{} "])
def test_a_key_pair_read_from_a_file_signs_and_verifies(
    stack: Stack, upstream: ScriptedServer, monkeypatch: pytest.MonkeyPatch, around: str
) -> None:
    ssm = boto3.client("ssm")
    prefix = f"/p{uuid.uuid4().hex}"
    monkeypatch.setenv("HMS_PARAMETER_PREFIX", prefix)
    for name, value in {"access_key": stack.access_key, "secret": stack.secret}.items():
        ssm.put_parameter(Name=f"{prefix}/{name}", Value=around.format(value), Type="SecureString")
    assert call(stack, "rooms", "GET", "/rooms")["statusCode"] == 200
    assert len(upstream.requests) == 1


def test_a_spreadsheet_says_that_it_is_utf_8(stack: Stack) -> None:
    session_id = str(uuid.uuid4())
    join = webhook("peer.join.success", session_id, "2026-01-01T10:00:00Z", user_name="Zoë")
    sheet(stack, join)
    headers = {"authorization": f"Bearer {stack.token}", "accept": "text/csv"}
    table = requests.get(f"{stack.api}/sessions/{session_id}/attendance", headers=headers, timeout=30).content
    assert table.startswith(codecs.BOM_UTF8)
    assert "Zoë" in table.decode("utf-8-sig")


@pytest.mark.parametrize(
    ("method", "query", "body", "detail"),
    [
        ("POST", "", '{"name":"x","size":' + "9" * 4_301 + "}", "body: must be valid JSON: a number is too large"),
        ("GET", "limit=" + "9" * 5_000, None, "limit: must be"),
    ],
)
def test_a_number_of_thousands_of_digits_is_refused_in_plain_words(
    stack: Stack, upstream: ScriptedServer, method: str, query: str, body: str | None, detail: str
) -> None:
    found = call(stack, "rooms", method, "/rooms", query=query, body=body)
    (said,) = json.loads(found["body"])["details"]
    assert found["statusCode"] == 400
    assert said.startswith(detail)
    assert not any(word in said for word in ("sys.", "Value error", "4300", "Exceeds"))
    assert upstream.requests == []

"""`Idempotency-Key`: one request to 100ms per key, whatever happens."""

import gzip
import io
import json
import logging
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import boto3
import pytest
import requests
from aws_lambda_powertools.utilities.idempotency.persistence.datarecord import DataRecord

from hms.tokens import sign_app_token, sign_management_token
from hms.types import Response
from hms_service.auth.caller import AuthScheme
from hms_service.http.idempotency import MAX_STORED_BYTES
from hms_service.http.router import Router
from tests.http_api import ROOT
from tests.integration.stack import Stack
from tests.support.aws import functions_environment
from tests.support.client_keys import create_key, revoke
from tests.support.contended_store import contended_store
from tests.support.functions import http_event, load
from tests.support.lambda_context import Context
from tests.support.logs import Log
from tests.support.servers import ScriptedServer, answer, hang_up, raw, serve, stay_silent, then_hang_up, without_end

Answer = dict[str, Any]
CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
YEAR_99999 = "Fri, 31 Dec 99999 23:59:59 GMT"


def crash(*_: object, **__: object) -> None:
    raise KeyError


@pytest.fixture
def upstream() -> Iterator[ScriptedServer]:
    with serve(answer(200, b'{"id": "r1"}')) as peer:
        yield peer


@pytest.fixture(autouse=True)
def environment(running_stack: Stack, upstream: ScriptedServer) -> Iterator[None]:
    with functions_environment(running_stack) as patch:
        patch.setenv("HMS_API_URL", f"{upstream.url}/v2")
        patch.setenv("HMS_IDEMPOTENCY_TABLE", "IdempotencyTable")
        yield


class Service:
    """Calls the rooms function with a key that no other test uses."""

    def __init__(self, stack: Stack, key: str) -> None:
        self.module = load("rooms")
        self.token = sign_management_token(stack.access_key, stack.secret)
        self.key = key

    def post(self, body: str = "{}", path: str = "/rooms", seconds: float = 29, key: str | None = None) -> Answer:
        event = http_event("POST", path, body=body, authorization=f"Bearer {self.token}")
        event["headers"]["idempotency-key"] = self.key if key is None else key
        response: Answer = self.module.handler(event, Context(int(seconds * 1000)))
        return response


@pytest.fixture
def service(running_stack: Stack, request: pytest.FixtureRequest) -> Service:
    return Service(running_stack, f"{request.node.name[:200]}".replace(" ", "-"))


def is_replay(response: Answer) -> bool:
    return "idempotent-replay" in response["headers"]


def test_a_second_request_with_the_key_is_answered_with_the_first_answer(
    service: Service, upstream: ScriptedServer
) -> None:
    first, second = service.post(), service.post()
    assert (first["statusCode"], first["body"]) == (second["statusCode"], second["body"]) == (200, '{"id": "r1"}')
    assert (is_replay(first), is_replay(second)) == (False, True)
    assert len(upstream.requests) == 1


def test_the_key_is_the_same_under_v2(service: Service, upstream: ScriptedServer) -> None:
    service.post()
    assert is_replay(service.post(path="/v2/rooms"))
    assert len(upstream.requests) == 1


def test_the_log_says_why_a_request_with_a_key_failed_and_what_is_a_replay(
    service: Service, upstream: ScriptedServer
) -> None:
    log = io.StringIO()
    for handler in logging.getLogger("rooms").handlers:
        cast(logging.StreamHandler[io.StringIO], handler).setStream(log)
    upstream.script[:] = [hang_up]
    service.post()
    service.post()
    first, second = map(json.loads, log.getvalue().splitlines())
    assert (first["error"], first["reason"]) == ("UpstreamConnectionError", "RemoteDisconnected")
    assert (first["replayed"], second["replayed"]) == (False, True)


def test_another_container_answers_the_same(service: Service, running_stack: Stack, upstream: ScriptedServer) -> None:
    service.post()
    assert is_replay(Service(running_stack, service.key).post())
    assert len(upstream.requests) == 1


@pytest.mark.parametrize(("body", "path"), [('{"name": "b"}', "/rooms"), ('{"name": "a"}', "/rooms/r1")])
def test_the_key_is_one_requests_and_one_routes(
    service: Service, upstream: ScriptedServer, body: str, path: str
) -> None:
    service.post('{"name": "a"}')
    other = service.post(body, path)
    if path == "/rooms":
        assert other["statusCode"] == 422
        assert len(upstream.requests) == 1
    else:
        assert (other["statusCode"], is_replay(other)) == (200, False)
        assert len(upstream.requests) == 2


def test_the_same_key_for_another_room_is_another_request(service: Service, upstream: ScriptedServer) -> None:
    service.post('{"name": "a"}', "/rooms/r1")
    assert service.post('{"name": "a"}', "/rooms/r2")["statusCode"] == 422


def test_of_two_requests_at_once_one_is_sent_and_the_other_gets_409(
    stack: Stack, service: Service, upstream: ScriptedServer
) -> None:
    arrived, released = threading.Event(), threading.Event()

    def answer_when_released(connection: socket.socket) -> None:
        arrived.set()
        released.wait(20)
        answer(200)(connection)

    upstream.script[:] = [answer_when_released]
    headers = {"Authorization": f"Bearer {stack.token}", "Idempotency-Key": service.key}
    with ThreadPoolExecutor() as pool:
        first = pool.submit(service.post)
        assert arrived.wait(20)
        second = requests.post(f"{stack.api}/rooms", json={}, headers=headers, timeout=30)
        released.set()
        assert first.result()["statusCode"] == 200
    assert second.status_code == 409
    assert len(upstream.requests) == 1
    assert requests.get(f"{stack.simulator}/_simulator/requests", timeout=10).json() == {"requests": []}


@pytest.mark.parametrize(
    ("step", "status"),
    [
        pytest.param(hang_up, 502, id="read and hung up"),
        pytest.param(then_hang_up(raw(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{")), 502, id="half an answer"),
        pytest.param(answer(200, b"<html></html>"), 502, id="no JSON"),
        pytest.param(answer(500, b'{"code":500}'), 500, id="500"),
        pytest.param(answer(503, b'{"code":503}'), 503, id="503"),
        pytest.param(answer(400, b'{"code":400}'), 400, id="400"),
        pytest.param(stay_silent, 504, id="silence"),
        pytest.param(raw(CHUNKED + b"-7\r\n{}\r\n0\r\n\r\n"), 502, id="a negative chunk size"),
        pytest.param(answer(200, b"{}garbage}"), 502, id="no JSON but at its ends"),
        pytest.param(answer(200, gzip.compress(b"{}")[:-4], content_encoding="gzip"), 502, id="cut gzip"),
        pytest.param(answer(200, b'{"id":"x"}', retry_after=YEAR_99999), 200, id="retry-after in year 99999"),
        pytest.param(answer(200, b'{"id":"x"}', retry_after="9" * 5000), 200, id="retry-after of 5000 digits"),
        pytest.param(answer(503, b'{"code":503}', retry_after="nan"), 503, id="retry-after nan"),
        pytest.param(answer(404, b'{"code":404}'), 404, id="404"),
        pytest.param(raw(b"HTTP/1.1 103 Early Hints\r\n\r\n"), 502, id="an interim answer"),
        pytest.param(without_end(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), 504, id="100 Continue without end"),
    ],
)
def test_a_request_that_may_have_arrived_is_never_sent_again(
    service: Service, upstream: ScriptedServer, step: Any, status: int
) -> None:
    upstream.script[:] = [step]
    first = service.post(seconds=8)
    upstream.script[:] = [answer(200)]
    second = service.post()
    assert first["statusCode"] == second["statusCode"] == status
    assert first["body"] == second["body"]
    assert is_replay(second)
    assert len(upstream.requests) == 1


def test_a_crash_after_the_request_may_have_left_is_its_outcome(
    service: Service, upstream: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("hms.requester._to_response", crash)
        first = service.post()
    second = service.post()
    assert first["statusCode"] == second["statusCode"] == json.loads(first["body"])["code"] == 500
    assert first["body"] == second["body"]
    assert is_replay(second)
    assert len(upstream.requests) == 1


def test_a_crash_of_the_transport_may_have_reached_100ms(
    service: Service, upstream: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.post(key=f"{service.key}-reads-the-credentials")
    with monkeypatch.context() as patch:
        patch.setattr("hms.http.transport.Transport.exchange", crash)
        assert service.post()["statusCode"] == 500
    assert is_replay(service.post())
    assert len(upstream.requests) == 1


def test_a_crash_before_anything_was_sent_releases_the_key(
    service: Service, upstream: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("hms.requester._encode_query", crash)
        assert service.post()["statusCode"] == 500
    again = service.post()
    assert (again["statusCode"], is_replay(again)) == (200, False)
    assert len(upstream.requests) == 1


def test_a_crash_with_a_key_is_in_the_log_like_any_other(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    log = Log("rooms")
    with monkeypatch.context() as patch:
        patch.setattr("hms.requester._to_response", crash)
        service.post()
    crashed, request = log.lines()
    assert (crashed["message"], crashed["exception_name"]) == ("crash", "KeyError")
    assert (request["status"], request["error"], request["reason"]) == (500, "HmsError", "KeyError")


def test_a_record_that_expires_while_it_is_read_is_409(
    service: Service, upstream: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.post()
    monkeypatch.setattr(DataRecord, "status", "EXPIRED")
    assert service.post()["statusCode"] == 409
    assert len(upstream.requests) == 1


@pytest.mark.parametrize("body", ['{"code":%d}', "<html></html>", ""])
@pytest.mark.parametrize("status", [401, 429])
def test_a_request_without_effect_at_100ms_releases_the_key(
    service: Service, upstream: ScriptedServer, status: int, body: str
) -> None:
    upstream.script[:] = [answer(status, body.replace("%d", str(status)).encode(), retry_after="60")]
    assert service.post()["statusCode"] == status
    upstream.script[:] = [answer(200)]
    again = service.post()
    assert (again["statusCode"], is_replay(again)) == (200, False)


def test_a_request_that_never_arrived_releases_the_key(
    service: Service, upstream: ScriptedServer, running_stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("HMS_API_URL", "http://127.0.0.1:1/v2")
        assert Service(running_stack, service.key).post()["statusCode"] == 502
    assert service.post()["statusCode"] == 200
    assert len(upstream.requests) == 1


def test_a_request_refused_here_releases_the_key(service: Service, upstream: ScriptedServer) -> None:
    assert service.post('{"size": "many"}')["statusCode"] == 400
    assert service.post()["statusCode"] == 200


def test_an_abandoned_key_stays_409(service: Service, running_stack: Stack, upstream: ScriptedServer) -> None:
    service.post()
    table = boto3.resource("dynamodb").Table("IdempotencyTable")
    for item in table.scan()["Items"]:
        if item["status"] == "COMPLETED" and "r1" in str(item.get("data")):
            table.update_item(
                Key={"id": item["id"]},
                UpdateExpression="SET #s = :s",
                ExpressionAttributeNames={"#s": "status"},
                ExpressionAttributeValues={":s": "INPROGRESS"},
            )
    assert service.post()["statusCode"] == 409
    assert len(upstream.requests) == 1


def test_an_answer_too_large_to_keep_is_given_once_and_marked_afterwards(
    service: Service, upstream: ScriptedServer
) -> None:
    upstream.script[:] = [answer(200, json.dumps({"text": "x" * 400_000}).encode())]
    first, second = service.post(), service.post()
    assert len(first["body"]) > 400_000
    assert (second["statusCode"], is_replay(second)) == (200, True)
    assert json.loads(second["body"])["message"] == "the response was too large to store"


@pytest.mark.parametrize("letter", ["\u0416", "\U0001f600", '"', "\\", "\u0001", "x"])
def test_an_answer_is_measured_as_it_is_stored(service: Service, upstream: ScriptedServer, letter: str) -> None:
    """Powertools stores JSON within JSON with ASCII escapes: a letter takes up to 12 bytes, a quote 4."""
    empty, one = (json.dumps({"text": text}, ensure_ascii=False) for text in ("", letter))
    as_stored = len(json.dumps(one)) - len(json.dumps(empty))
    largest, too_large = (limit // as_stored for limit in (MAX_STORED_BYTES - 200, MAX_STORED_BYTES + as_stored))
    for count in (largest, too_large):
        body = json.dumps({"text": letter * count}, ensure_ascii=False)
        upstream.script[:] = [answer(200, body.encode())]
        service.key = f"{service.key}-{count}"[-255:].replace("\\", "-")
        first, second = service.post(), service.post()
        assert (first["statusCode"], first["body"], is_replay(first)) == (200, body, False)
        assert (second["statusCode"], is_replay(second)) == (200, True)
        assert (second["body"] == body) == (count == largest)
    assert json.loads(second["body"])["message"] == "the response was too large to store"


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256, "ü"])
def test_a_key_that_is_none_is_refused(service: Service, upstream: ScriptedServer, key: str) -> None:
    assert service.post(key=key)["statusCode"] == 400
    assert upstream.requests == []


# Scope of a key


class Sip:
    """The SIP function, called by peers with the same key."""

    def __init__(self, stack: Stack, key: str) -> None:
        self.module = load("sip")
        self.pair = stack.access_key, stack.secret
        self.key = key

    def tones(self, room_id: Any, user_id: Any) -> Answer:
        token = sign_app_token(*self.pair, room_id=room_id, role="guest", user_id=user_id)
        event = http_event("POST", "/sip/dtmf", body='{"digits": ["1"]}', authorization=f"Bearer {token}")
        event["headers"]["idempotency-key"] = self.key
        response: Answer = self.module.handler(event, Context())
        return response


@pytest.fixture
def sip(running_stack: Stack, service: Service) -> Sip:
    return Sip(running_stack, service.key)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(("room-1", "ann"), ("room-2", "ann"), id="two rooms"),
        pytest.param(("room-1", "ann"), ("room-1", "bob"), id="two users"),
        pytest.param(("room-1", "ann"), ("room-2", "bob"), id="both"),
        pytest.param(("room 1", "ann"), ("room", "1 ann"), id="words that meet"),
        pytest.param(('a", "b', "c"), ("a", 'b", "c'), id="quotes that meet"),
        pytest.param(("1", "ann"), (1, "ann"), id="a text and a number"),
        pytest.param(("room-1", ""), ("room-1", None), id="none and nothing"),
        pytest.param(("room-1", "\ud800"), ("room-1", "\udfff"), id="no Unicode"),
    ],
)
def test_a_key_is_one_users_in_one_room(
    sip: Sip, upstream: ScriptedServer, first: tuple[Any, Any], second: tuple[Any, Any]
) -> None:
    upstream.script[:] = [answer(200, b'{"for": "first"}'), answer(200, b'{"for": "second"}')]
    assert sip.tones(*first)["body"] == '{"for": "first"}'
    other = sip.tones(*second)
    assert (other["statusCode"], other["body"], is_replay(other)) == (200, '{"for": "second"}', False)
    for whose, body in ((first, "first"), (second, "second")):
        again = sip.tones(*whose)
        assert (again["body"], is_replay(again)) == (f'{{"for": "{body}"}}', True)
    assert len(upstream.requests) == 2


def test_a_key_is_the_same_for_another_token_of_the_user_in_the_room(sip: Sip, upstream: ScriptedServer) -> None:
    sip.tones("room-1", "ann")
    assert is_replay(sip.tones("room-1", "ann"))
    assert len(upstream.requests) == 1


@pytest.mark.parametrize("names", [("reports", "billing"), ("reports", "reports")])
def test_a_key_is_one_client_keys_though_two_have_one_name(
    service: Service, upstream: ScriptedServer, names: tuple[str, str]
) -> None:
    ssm = boto3.client("ssm")
    pairs = [create_key(ssm, "/hms", name, ["rooms:write"]) for name in names]
    service.module = load("rooms")
    try:
        for token in [service.token, *(sign_management_token(*pair) for pair in pairs)]:
            service.token = token
            assert not is_replay(service.post())
            assert is_replay(service.post())
    finally:
        for access_key, _ in pairs:
            revoke(ssm, "/hms", access_key)
    assert len(upstream.requests) == 3


def test_a_public_route_takes_no_key_since_it_has_no_caller(running_stack: Stack) -> None:
    router = Router("rooms")
    with pytest.raises(ValueError, match="idempotency keys need a caller"):
        router.post("/rooms", lambda _: Response.from_json(200, {}), AuthScheme.PUBLIC)


def test_a_record_whose_time_is_up_while_another_takes_it_is_409(
    running_stack: Stack, monkeypatch: pytest.MonkeyPatch, service: Service, upstream: ScriptedServer
) -> None:
    with contended_store() as dynamodb:
        monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", dynamodb.url)
        service.module = load("rooms")
        response = service.post()
    assert response["statusCode"] == 409
    assert len(dynamodb.requests) > 1
    assert upstream.requests == []


def test_a_store_out_of_reach_is_503_and_nothing_is_sent(
    service: Service, upstream: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HMS_IDEMPOTENCY_TABLE", "NoSuchTable")
    service.module = load("rooms")
    assert service.post()["statusCode"] == 503
    assert upstream.requests == []


@pytest.mark.parametrize("query", ["&".join(f"a{number}=1" for number in range(101)), "a=%ff"])
@pytest.mark.parametrize("body", ["{}", "[", '{"name": "town-hall"}'])
def test_a_query_that_cannot_be_read_is_refused_before_anything_else(
    service: Service, upstream: ScriptedServer, monkeypatch: pytest.MonkeyPatch, query: str, body: str
) -> None:
    monkeypatch.setenv("HMS_IDEMPOTENCY_TABLE", "NoSuchTable")
    event = http_event("POST", "/rooms", query=query, body=body, authorization=f"Bearer {service.token}")
    event["headers"] |= {"idempotency-key": service.key, "if-none-match": "*"}
    response = load("rooms").handler(event, Context())
    assert (response["statusCode"], json.loads(response["body"])["message"]) == (400, "Invalid query")
    assert upstream.requests == []


def test_without_the_header_nothing_of_it_is_loaded(running_stack: Stack) -> None:
    program = """
import sys
from tests.support.functions import http_event, load
from tests.support.lambda_context import Context
rooms = load("rooms")
event = http_event("POST", "/rooms", body="{}", authorization="Bearer " + sys.argv[1])
assert rooms.handler(event, Context())["statusCode"] == 200
loaded = ("aws_lambda_powertools.utilities.idempotency", "hms_service.http.idempotency", "boto3", "botocore.session")
print([name for name in loaded if name in sys.modules])
"""
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'layers' / 'common'}:{ROOT}"}
    process = subprocess.run(
        [sys.executable, "-c", program, running_stack.token],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert process.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"name": "\\ud83d"}', id="a surrogate"),
        pytest.param(json.dumps({"name": "a" * 100_000}).encode(), id="a name that fits in no URL"),
        pytest.param(b'{"name": "a/room"}', id="a name of another form"),
        pytest.param(b'{"name": "a", "size": "1"}', id="another member"),
        pytest.param(b'{"name": ["a"]}', id="a list"),
        pytest.param(b'{"name": ""}', id="none"),
    ],
)
def test_if_none_match_looks_no_room_up_that_can_not_be_made(rejecting_stack: Stack, body: bytes) -> None:
    headers = {
        "Authorization": f"Bearer {rejecting_stack.token}",
        "If-None-Match": "*",
        "Content-Type": "application/json",
    }
    answer = requests.post(f"{rejecting_stack.api}/rooms", data=body, headers=headers, timeout=30)
    assert answer.status_code == 400, answer.text
    assert requests.get(f"{rejecting_stack.simulator}/_simulator/requests", timeout=10).json()["requests"] == []


def test_if_none_match_without_a_name_makes_a_room_without_a_look_up(stack: Stack) -> None:
    headers = {"Authorization": f"Bearer {stack.token}", "If-None-Match": "*"}
    for body in (None, {}, {"name": None}):
        assert requests.post(f"{stack.api}/rooms", json=body, headers=headers, timeout=30).status_code == 200
    sent = requests.get(f"{stack.simulator}/_simulator/requests", timeout=10).json()["requests"]
    assert [request["method"] for request in sent] == ["POST"] * 3


def test_if_none_match_refuses_to_overwrite_a_room(stack: Stack) -> None:
    def create(name: str, condition: str) -> requests.Response:
        headers = {"Authorization": f"Bearer {stack.token}", "If-None-Match": condition}
        return requests.post(f"{stack.api}/rooms", json={"name": name}, headers=headers, timeout=30)

    assert create("town-hall", "*").status_code == 200
    assert create("Town-Hall", "*").status_code == 412
    assert [create("a room @ 1", "*").status_code for _ in range(2)] == [200, 412]
    assert create("another", "*").status_code == 200
    assert create("third", '"etag"').status_code == 400

"""`POST /room-codes/code/<code>` is public, so it neither waits, nor retries, nor needs AWS."""

import json
import os
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.functions import http_event, load
from tests.support.lambda_context import Context
from tests.support.servers import ScriptedServer, Step, answer, hang_up, serve, stay_silent, trickle, without_end

PATH = "/room-codes/code/abc-defg-hij"
RATE_LIMITED = b'{"code":429,"message":"slow"}'


@pytest.fixture
def upstream() -> Iterator[ScriptedServer]:
    with serve(answer(200, b'{"token": "t"}')) as peer:
        yield peer


@pytest.fixture(autouse=True)
def environment_without_aws(upstream: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("AWS_", "HMS_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("HMS_IDEMPOTENCY_TABLE", "IdempotencyTable")
    monkeypatch.setenv("HMS_AUTH_URL", f"{upstream.url}/v2")


def exchange(body: str | None = None, **headers: str) -> dict[str, Any]:
    event = http_event("POST", PATH, body=body)
    event["headers"] |= {name.replace("_", "-"): value for name, value in headers.items()}
    answered: dict[str, Any] = load("room_codes").handler(event, Context())
    return answered


@pytest.mark.parametrize(
    ("body", "sent"),
    [
        (None, {}),
        ("", {}),
        ("{}", {}),
        ('{"user_id": "u"}', {"user_id": "u"}),
        ('{"user_id": null}', {}),
        ('{"user_id": "u", "code": "another", "role": "host", "room_id": "r"}', {"user_id": "u"}),
        ('{"user_id": "' + "u" * 300 + '"}', {"user_id": "u" * 300}),
        ('{"userId": "u", "usr_id": "u", "user-id": "u", "x": [1]}', {}),
    ],
)
@pytest.mark.parametrize("validation", ["observe", "reject", "off"])
def test_only_the_code_and_the_user_id_are_forwarded(
    upstream: ScriptedServer, monkeypatch: pytest.MonkeyPatch, validation: str, body: str | None, sent: dict[str, str]
) -> None:
    monkeypatch.setenv("HMS_VALIDATION", validation)
    assert exchange(body)["statusCode"] == 200
    assert json.loads(upstream.requests[0].body) == {"code": "abc-defg-hij", **sent}


@pytest.mark.parametrize("body", ['{"user_id": 7}', '{"user_id": ["u"]}', "[]", "no JSON", '{"user_id": "u"'])
def test_a_user_id_must_be_a_string_and_a_body_must_be_an_object(upstream: ScriptedServer, body: str) -> None:
    assert exchange(body)["statusCode"] == 400
    assert upstream.requests == []


def test_an_idempotency_key_makes_no_difference(upstream: ScriptedServer) -> None:
    for _ in range(2):
        answered = exchange(idempotency_key="a-key")
        assert answered["statusCode"] == 200
        assert "idempotent-replay" not in answered["headers"]
    assert len(upstream.requests) == 2


def test_the_answer_is_kept_by_no_cache_and_taken_for_nothing_else() -> None:
    headers = exchange()["headers"]
    assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")


@pytest.mark.parametrize(
    ("retry_after", "passed_on"),
    [
        (None, None),
        ("12", "12"),
        ("3600", "3600"),
        ("3601", None),
        ("-1", None),
        ("soon", None),
        ("9" * 5000, None),
        ("Fri, 31 Dec 99999 23:59:59 GMT", None),
    ],
)
def test_a_rate_limit_is_passed_on_at_once(
    upstream: ScriptedServer, retry_after: str | None, passed_on: str | None
) -> None:
    upstream.script[:] = [answer(429, RATE_LIMITED, **({"retry_after": retry_after} if retry_after else {}))]
    started = time.monotonic()
    answered = exchange()
    assert time.monotonic() - started < 2
    assert (answered["statusCode"], answered["body"]) == (429, RATE_LIMITED.decode())
    assert answered["headers"].get("retry-after") == passed_on
    assert len(upstream.requests) == 1


@pytest.mark.parametrize(
    ("step", "status"),
    [
        pytest.param(hang_up, 502, id="hung up"),
        pytest.param(answer(401, b'{"code":401}'), 401, id="401"),
        pytest.param(answer(502, b'{"code":502}'), 502, id="502"),
        pytest.param(answer(503, b'{"code":503}', retry_after="1"), 503, id="503"),
    ],
)
def test_no_failure_is_tried_again(upstream: ScriptedServer, step: Step, status: int) -> None:
    upstream.script[:] = [step]
    assert exchange()["statusCode"] == status
    assert len(upstream.requests) == 1


def test_a_token_service_out_of_reach_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HMS_AUTH_URL", "http://127.0.0.1:1/v2")
    started = time.monotonic()
    assert exchange()["statusCode"] == 502
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    "step",
    [
        pytest.param(stay_silent, id="silence"),
        pytest.param(trickle(b"HTTP/1.1 200 OK\r\nx: " + b"y" * 1000, 0.1), id="a byte at a time"),
        pytest.param(without_end(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), id="100 Continue without end"),
    ],
)
def test_an_exchange_ends_within_five_seconds(upstream: ScriptedServer, step: Step) -> None:
    upstream.script[:] = [step]
    started = time.monotonic()
    answered = exchange()
    assert answered["statusCode"] == json.loads(answered["body"])["code"] == 504
    assert time.monotonic() - started < 6


def post_token(path: str, body: str | None, **headers: str) -> dict[str, Any]:
    event = http_event("POST", path, body=body)
    event["headers"] = {name.replace("_", "-"): value for name, value in headers.items()}
    response: dict[str, Any] = load("tokens").handler(event, Context())
    return response


@pytest.mark.parametrize("validation", ["observe", "reject", "off"])
@pytest.mark.parametrize("content_type", [None, "text/plain;charset=UTF-8", "application/json"])
@pytest.mark.parametrize(
    ("body", "sent"),
    [
        ('{"code":"abc-defg-hij"}', {"code": "abc-defg-hij"}),
        ('{"code":"abc-defg-hij","user_id":"u","x":[1]}', {"code": "abc-defg-hij", "user_id": "u"}),
        ('{"code":"abc-defg-hij","userId":"u"}', {"code": "abc-defg-hij", "user_id": "u"}),
        ('{"code":"abc-defg-hij","user_id":null,"userId":"u"}', {"code": "abc-defg-hij", "user_id": "u"}),
    ],
)
def test_front_end_sdks_exchange_a_code_at_v2_token(
    upstream: ScriptedServer,
    monkeypatch: pytest.MonkeyPatch,
    validation: str,
    content_type: str | None,
    body: str,
    sent: dict[str, str],
) -> None:
    monkeypatch.setenv("HMS_VALIDATION", validation)
    response = post_token("/v2/token", body, **({"content_type": content_type} if content_type else {}))
    assert (response["statusCode"], response["body"]) == (200, '{"token": "t"}')
    assert response["headers"]["cache-control"] == "no-store"
    (request,) = upstream.requests
    assert (request.target, json.loads(request.body)) == ("/v2/token", sent)
    assert "authorization" not in request.headers


@pytest.mark.parametrize(
    ("path", "body", "headers", "status"),
    [
        ("/token", '{"code":"abc"}', {}, 401),
        ("/v2/token/", '{"code":"abc"}', {}, 401),
        ("/v2/token", '{"code":"abc"}', {"authorization": ""}, 401),
        ("/v2/token", '{"code":"abc"}', {"authorization": "Bearer x"}, 401),
        ("/v2/token", '{"code":"abc"}', {"authorization": "Basic x"}, 401),
        ("/v2/token", '{"roomId":"r","role":"host","userId":"u"}', {}, 401),
        ("/v2/token", '{"code":"abc","roomId":"r","role":"host"}', {}, 401),
        ("/v2/token", '{"code":"abc","expiresIn":60}', {}, 401),
        ("/v2/token", "{}", {}, 401),
        ("/v2/token", None, {}, 400),
        ("/v2/token", "no JSON", {}, 400),
        ("/v2/token", "[]", {}, 400),
        ("/v2/token", '{"code":7}', {}, 400),
        ("/v2/token", '{"code":"a/b"}', {}, 400),
        ("/v2/token", '{"code":"' + "a" * 65 + '"}', {}, 400),
        ("/v2/token", '{"code":"abc","user_id":7}', {}, 400),
        ("/v2/token", '{"code":"abc","user_id":"' + "u" * 257 + '"}', {}, 400),
        ("/v2/token", '{"code":"abc","x":"' + "x" * 4096 + '"}', {}, 400),
    ],
)
def test_what_is_no_code_exchange_sends_nothing(
    upstream: ScriptedServer, path: str, body: str | None, headers: dict[str, str], status: int
) -> None:
    response = post_token(path, body, **headers)
    assert response["statusCode"] == status
    assert upstream.requests == []


def test_a_flood_at_v2_token_is_passed_on_and_asks_no_other_service(upstream: ScriptedServer) -> None:
    """SSM and DynamoDB are out of reach here, and no exchange waits or is sent again."""
    upstream.script[:] = [answer(429, RATE_LIMITED, retry_after="12")]
    started = time.monotonic()
    responses = [post_token("/v2/token", '{"code":"abc-defg-hij"}') for _ in range(50)]
    assert time.monotonic() - started < 10
    assert {(response["statusCode"], response["headers"]["retry-after"]) for response in responses} == {(429, "12")}
    assert len(upstream.requests) == 50

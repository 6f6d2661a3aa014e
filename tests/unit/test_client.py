import email.utils
import json
import time
from typing import Any, cast

import jwt
import pytest
from mypy_boto3_ssm import SSMClient

from hms.client import HmsClient
from hms.errors import (
    BadRequestError,
    CredentialsUnavailableError,
    InvalidUpstreamResponseError,
    RateLimitError,
    UpstreamConnectionError,
    UpstreamTimeoutError,
    UpstreamUnreachableError,
)
from hms.http import deadline
from hms.operation import Operation
from hms.settings import Settings
from hms.tokens import DEFAULT_MANAGEMENT_TOKEN_SECONDS
from hms.types import RawJson, Response
from tests.support.clock import Clock
from tests.support.servers import ScriptedServer, Step, answer, hang_up, raw, stay_silent, then_hang_up, without_end
from tests.unit.conftest import ACCESS_KEY, SECRET, client_of

pytestmark = pytest.mark.usefixtures("no_backoff")


def call(client: HmsClient, method: str, *segments: str, **request: Any) -> Response:
    """Send any operation. No model validates its query or body."""
    names = [f"segment_{number}" for number, _ in enumerate(segments)]
    operation = Operation("tests.any", cast(Any, method), "".join(f"/{{{name}}}" for name in names))
    return client.requester.call(operation, dict(zip(names, segments, strict=True)), **request)


@pytest.fixture(autouse=True)
def ten_seconds_left() -> None:
    deadline.start(10_500)


def test_a_call_is_signed_with_a_management_token_and_says_who_calls(
    client: HmsClient, upstream: ScriptedServer
) -> None:
    call(client, "GET", "rooms")
    headers = upstream.requests[0].headers
    claims = jwt.decode(headers["authorization"].removeprefix("Bearer "), SECRET, ["HS256"])
    assert (claims["type"], claims["access_key"]) == ("management", ACCESS_KEY)
    assert headers["user-agent"].startswith("hms-serverless/")
    assert headers["accept"] == "application/json"


def test_the_token_is_signed_once(client: HmsClient, upstream: ScriptedServer) -> None:
    for _ in range(3):
        call(client, "GET", "rooms")
    assert len({request.headers["authorization"] for request in upstream.requests}) == 1


def test_each_segment_is_encoded_as_one(client: HmsClient, upstream: ScriptedServer) -> None:
    call(client, "GET", "templates", "a b/c?d#e%2f", "roles", "ü")
    assert upstream.requests[0].target == "/v2/templates/a%20b%2Fc%3Fd%23e%252f/roles/%C3%BC"


def test_repeated_query_names_stay_repeated_and_in_order(client: HmsClient, upstream: ScriptedServer) -> None:
    call(client, "GET", "analytics", "events", query=[("type", "a b"), ("room_id", "r"), ("type", "c,d&e")])
    assert upstream.requests[0].target == "/v2/analytics/events?type=a%20b&room_id=r&type=c%2Cd%26e"


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), -float("inf"), "\ud83d", ["a\udfff"], {"\ud83d": 1}, 10**5000],
    ids=lambda value: type(value).__name__,
)
def test_a_value_that_json_cannot_carry_is_refused_and_not_sent(
    client: HmsClient, upstream: ScriptedServer, value: object
) -> None:
    with pytest.raises(BadRequestError):
        client.rooms.create({"zzz": value})
    with pytest.raises(BadRequestError):
        call(client, "POST", "templates", "t", "recordings", body=[value])
    if not isinstance(value, list | dict):
        with pytest.raises(BadRequestError):
            client.rooms.list({"zzz": value})
    if isinstance(value, str):
        with pytest.raises(BadRequestError):
            client.rooms.retrieve(value)
    assert upstream.requests == []


def test_a_python_body_arrives_as_its_json(client: HmsClient, upstream: ScriptedServer) -> None:
    body: dict[str, Any] = {"name": "a", "description": "\U0001f600 \u2028 é", "zzz": [1, 2.5, 1e300, True, None, {}]}
    client.rooms.create(body)
    assert json.loads(upstream.requests[0].body) == body


def test_a_raw_body_is_sent_to_the_byte(client: HmsClient, upstream: ScriptedServer) -> None:
    text = b'{"size": 1.10, "enabled":false , "name":"", "big": 123456789012345678901234567890, "n":null}'
    call(client, "POST", "rooms", body=RawJson(text, json.loads(text)))
    assert upstream.requests[0].body == text
    assert upstream.requests[0].headers["content-type"] == "application/json"


def test_the_answer_is_passed_on_unparsed(client: HmsClient, upstream: ScriptedServer) -> None:
    upstream.script[:] = [answer(404, b'{"code":404, "message":"n\xc3\xb6" }')]
    response = call(client, "GET", "rooms", "x")
    assert (response.status_code, response.text) == (404, '{"code":404, "message":"nö" }')


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_get_is_tried_again(client: HmsClient, upstream: ScriptedServer, status: int) -> None:
    upstream.script[:] = [answer(status), hang_up, answer(200)]
    assert call(client, "GET", "rooms").status_code == 200
    assert len(upstream.requests) == 3


def test_a_get_is_attempted_at_most_three_times(client: HmsClient, upstream: ScriptedServer) -> None:
    upstream.script[:] = [answer(503, b'{"code":503}')]
    response = call(client, "GET", "rooms")
    assert (response.status_code, response.text, response.attempts) == (503, '{"code":503}', 3)
    assert len(upstream.requests) == 3


@pytest.mark.parametrize("status", [400, 403, 404, 500, 501])
def test_other_statuses_are_final(client: HmsClient, upstream: ScriptedServer, status: int) -> None:
    upstream.script[:] = [answer(status)]
    assert call(client, "GET", "rooms").status_code == status
    assert len(upstream.requests) == 1


@pytest.mark.parametrize("method", ["POST", "DELETE"])
@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_change_that_may_have_happened_is_not_sent_twice(
    client: HmsClient, upstream: ScriptedServer, method: str, status: int
) -> None:
    upstream.script[:] = [answer(status)]
    assert call(client, method, "polls", "p", "questions", "1").status_code == status
    assert len(upstream.requests) == 1


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_a_change_whose_connection_broke_is_not_sent_twice(
    client: HmsClient, upstream: ScriptedServer, method: str
) -> None:
    upstream.script[:] = [hang_up]
    with pytest.raises(UpstreamConnectionError):
        call(client, method, "rooms")
    assert len(upstream.requests) == 1


def test_a_change_is_tried_again_after_429(client: HmsClient, upstream: ScriptedServer) -> None:
    upstream.script[:] = [answer(429), answer(200)]
    assert call(client, "POST", "rooms", body={}).status_code == 200
    assert len(upstream.requests) == 2


def test_a_change_that_never_arrived_is_tried_again(ssm: SSMClient) -> None:
    client = HmsClient(Settings(api_url="http://127.0.0.1:1/v2"))
    started = time.monotonic()
    with pytest.raises(UpstreamUnreachableError):
        call(client, "POST", "rooms", body={})
    assert time.monotonic() - started < 3


@pytest.mark.parametrize("as_date", [False, True])
def test_retry_after_is_honoured(client: HmsClient, upstream: ScriptedServer, as_date: bool) -> None:
    wait = email.utils.formatdate(time.time() + 2, usegmt=True) if as_date else "1"
    upstream.script[:] = [answer(429, retry_after=wait), answer(200)]
    started = time.monotonic()
    assert call(client, "GET", "rooms").status_code == 200
    assert time.monotonic() - started > 0.8


def test_a_retry_after_beyond_the_deadline_is_the_callers(client: HmsClient, upstream: ScriptedServer) -> None:
    upstream.script[:] = [answer(429, retry_after="45")]
    started = time.monotonic()
    response = call(client, "GET", "analytics", "webhooks")
    assert (response.status_code, response.headers) == (429, {"retry-after": "45"})
    assert time.monotonic() - started < 1


def test_a_refused_token_makes_the_credentials_be_read_again(upstream: ScriptedServer, ssm: SSMClient) -> None:
    client = client_of(upstream)
    call(client, "GET", "rooms")
    ssm.put_parameter(Name="/hms/secret", Value="rotated-secret-for-these-tests-only", Overwrite=True)
    upstream.script[:] = [answer(401), answer(200)]
    assert call(client, "POST", "rooms", body={}).status_code == 200
    token = upstream.requests[-1].headers["authorization"].removeprefix("Bearer ")
    jwt.decode(token, "rotated-secret-for-these-tests-only", ["HS256"])


def test_a_token_refused_twice_is_the_callers(client: HmsClient, upstream: ScriptedServer) -> None:
    upstream.script[:] = [answer(401)]
    response = call(client, "GET", "rooms")
    assert (response.status_code, response.attempts) == (401, 2)
    assert len(upstream.requests) == 2


def test_the_code_exchange_carries_no_management_token(client: HmsClient, upstream: ScriptedServer) -> None:
    client.auth.exchange_room_code({"code": "abc"})
    assert upstream.requests[0].target == "/auth/token"
    assert "authorization" not in upstream.requests[0].headers


@pytest.mark.parametrize(
    "step",
    [
        pytest.param(answer(200, b"<html></html>"), id="HTML"),
        pytest.param(answer(200, b""), id="nothing"),
        pytest.param(answer(200, b'{"id":'), id="half of it"),
        pytest.param(answer(200, b'{"name":"\xff"}'), id="not UTF-8"),
        pytest.param(answer(302, location="/elsewhere"), id="a redirect"),
    ],
)
def test_an_answer_that_is_not_json_is_not_passed_on(client: HmsClient, upstream: ScriptedServer, step: object) -> None:
    upstream.script[:] = [step]  # type: ignore[list-item]
    with pytest.raises(InvalidUpstreamResponseError):
        call(client, "GET", "rooms", "x")


@pytest.mark.parametrize("body", [b"", b"<html></html>", b'{"code":429,"message":"slow"', b"\xff", b"{}garbage}"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_rate_limit_is_passed_on_whatever_its_body_is(
    client: HmsClient, upstream: ScriptedServer, method: str, body: bytes
) -> None:
    upstream.script[:] = [answer(429, body, retry_after="45")]
    response = call(client, method, "rooms")
    assert (response.status_code, response.headers, response.json()["code"]) == (429, {"retry-after": "45"}, 429)
    with pytest.raises(RateLimitError, match="Too many requests"):
        response.raise_for_status()
    assert client.requester.stats.errors == 0


@pytest.mark.parametrize("body", [b"", b"<html></html>", b"[" * 100_000])
def test_a_refused_token_is_renewed_whatever_the_refusal_s_body_is(
    client: HmsClient, upstream: ScriptedServer, body: bytes
) -> None:
    upstream.script[:] = [answer(401, body), answer(200)]
    assert call(client, "POST", "rooms", body={}).status_code == 200
    upstream.script[:] = [answer(401, body)]
    response = call(client, "POST", "rooms", body={})
    assert (response.status_code, response.json()["code"], client.requester.stats.auth_failures) == (401, 401, 1)


@pytest.mark.parametrize("status", [400, 403, 404, 500])
def test_another_failure_that_is_not_json_is_not_passed_on(
    client: HmsClient, upstream: ScriptedServer, status: int
) -> None:
    upstream.script[:] = [answer(status, b"<html></html>")]
    with pytest.raises(InvalidUpstreamResponseError):
        call(client, "GET", "rooms")


def test_a_change_may_be_answered_with_nothing(client: HmsClient, upstream: ScriptedServer) -> None:
    upstream.script[:] = [answer(204, b"")]
    response = call(client, "DELETE", "polls", "p", "questions", "1")
    assert (response.status_code, response.text) == (204, "")


def test_a_change_whose_answer_broke_in_the_headers_is_not_passed_on(
    client: HmsClient, upstream: ScriptedServer
) -> None:
    upstream.script[:] = [then_hang_up(raw(b"HTTP/1.1 200 O"))]
    with pytest.raises(UpstreamConnectionError):
        call(client, "POST", "rooms", body={})
    assert len(upstream.requests) == 1


def test_a_missing_parameter_is_named_to_the_operator_only(upstream: ScriptedServer, ssm: SSMClient) -> None:
    client = client_of(upstream)
    ssm.delete_parameter(Name="/hms/secret")
    with pytest.raises(CredentialsUnavailableError) as failure:
        call(client, "GET", "rooms")
    assert failure.value.reason == "missing SSM parameter: /hms/secret"
    assert "/hms" not in json.dumps(failure.value.envelope())
    assert (upstream.requests, client.requester.stats.calls) == ([], 0)


ABSURD_PAUSES = [
    "3601",
    "-1",
    "soon",
    "9" * 5000,
    "inf",
    "nan",
    "1e400",
    "1e3",
    "0x10",
    "1_0",
    "\u00b2",
    "Fri, 31 Dec 99999 23:59:59 GMT",
    "Fri, 31 Dec 9999 23:59:59 -2359",
    "Mon, 01 Jan 0001 00:00:00 GMT",
    "Fri, 31 Dec 2999 23:59:59 GMT",
    "Mon, 99 Jan 2024 99:99:99 GMT",
    "Mon, 01 Jan 2024 00:00:00 +" + "9" * 4400,
    f"{email.utils.formatdate(time.time() + 1800, usegmt=True)} \x01",
    f"{email.utils.formatdate(time.time() + 1800, usegmt=True)} \xe9",
    f"{email.utils.formatdate(time.time() + 1800, usegmt=True)} ({'x' * 9000})",
    "1." + "0" * 5000,
]


@pytest.mark.parametrize("value", ABSURD_PAUSES, ids=range(len(ABSURD_PAUSES)))
@pytest.mark.parametrize("status", [200, 429, 503])
def test_an_absurd_retry_after_is_left_out(
    client: HmsClient, upstream: ScriptedServer, status: int, value: str
) -> None:
    head = f"HTTP/1.1 {status} Status\r\ncontent-length: 8\r\nretry-after: {value}\r\n\r\n"
    upstream.script[:] = [raw(head.encode("latin-1") + b'{"a": 1}')]
    response = call(client, "POST", "rooms", body={})
    assert (response.status_code, response.text, response.headers) == (status, '{"a": 1}', {})


@pytest.mark.parametrize("value", ["0", "3600", "007", "2.5"])
def test_a_sane_retry_after_is_passed_on(client: HmsClient, upstream: ScriptedServer, value: str) -> None:
    upstream.script[:] = [answer(503, retry_after=value)]
    assert call(client, "POST", "rooms", body={}).headers == {"retry-after": value}


def test_a_date_to_retry_after_is_passed_on(client: HmsClient, upstream: ScriptedServer) -> None:
    date = email.utils.formatdate(time.time() + 60, usegmt=True)
    upstream.script[:] = [answer(503, retry_after=date)]
    assert call(client, "POST", "rooms", body={}).headers == {"retry-after": date}


@pytest.mark.parametrize(
    ("value", "seconds"),
    [*((value, None) for value in ABSURD_PAUSES), ("120", 120), ("0", 0), ("2.5", 2.5)],
    ids=range(len(ABSURD_PAUSES) + 3),
)
def test_a_rate_limit_gives_seconds_to_wait_or_none(value: str, seconds: float | None) -> None:
    with pytest.raises(RateLimitError) as limited:
        Response(429, '{"code": 429}', {"retry-after": value}).raise_for_status()
    assert limited.value.retry_after == seconds


def test_a_rate_limit_until_a_date_gives_the_seconds_until_then() -> None:
    with pytest.raises(RateLimitError) as limited:
        Response(429, "{}", {"retry-after": email.utils.formatdate(time.time() + 60, usegmt=True)}).raise_for_status()
    assert limited.value.retry_after is not None
    assert 50 < limited.value.retry_after <= 60


@pytest.mark.parametrize("text", ["", "no JSON", "[]", "null", "[" * 100_000, '{"message": ' + "9" * 5000 + "}"])
def test_an_error_whose_body_is_none_is_raised_as_its_kind(text: str) -> None:
    with pytest.raises(RateLimitError):
        Response(429, text).raise_for_status()


@pytest.mark.parametrize("wait", ["", "12", "soon"])
def test_the_code_exchange_passes_a_rate_limit_on_at_once(
    client: HmsClient, upstream: ScriptedServer, wait: str
) -> None:
    upstream.script[:] = [answer(429, b'{"code":429}', **({"retry_after": wait} if wait else {}))]
    started = time.monotonic()
    response = client.auth.exchange_room_code({"code": "abc"})
    assert (response.status_code, response.headers) == (429, {"retry-after": "12"} if wait == "12" else {})
    assert time.monotonic() - started < 1
    assert len(upstream.requests) == 1


def test_the_code_exchange_is_not_repeated_when_100ms_is_out_of_reach(ssm: SSMClient) -> None:
    client = HmsClient(Settings(auth_url="http://127.0.0.1:1/v2"))
    with pytest.raises(UpstreamUnreachableError):
        client.auth.exchange_room_code({"code": "abc"})
    assert client.requester.stats.attempts == 1


@pytest.mark.parametrize("step", [stay_silent, without_end(b"", b"HTTP/1.1 100 Continue\r\n\r\n")])
def test_the_code_exchange_ends_when_its_time_is_up(
    client: HmsClient, upstream: ScriptedServer, step: Step, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hms.requester.CODE_EXCHANGE_TIMEOUT_SECONDS", 0.5)
    upstream.script[:] = [step]
    started = time.monotonic()
    with pytest.raises(UpstreamTimeoutError):
        client.auth.exchange_room_code({"code": "abc"})
    assert 0.4 < time.monotonic() - started < 1.5


@pytest.mark.parametrize(
    "body",
    [
        b"{}garbage}",
        b'{"a": 1}{"b": 2}',
        b'{"a": 1}\n{"b": 2}',
        b'{"data": [{"id": 1}, {"code": 500, "message": "broke"}',
        b'{"data": [1, 2}',
        b"{'a': 1}",
        b"{a: 1}",
        b'{"a": NaN}',
        b"[Infinity]",
        b'{"a": 1,}',
        b'{"a": "\t"}',
        b"[" * 200_000 + b"]" * 200_000,
    ],
)
def test_an_answer_that_only_begins_and_ends_as_json_is_not_passed_on(
    client: HmsClient, upstream: ScriptedServer, body: bytes
) -> None:
    upstream.script[:] = [answer(200, body)]
    with pytest.raises(InvalidUpstreamResponseError):
        call(client, "GET", "rooms", "x")
    assert len(upstream.requests) == 1


@pytest.mark.parametrize(
    "text", ['{"a": ' + "9" * 5000 + "}", "[1e400, -0, 1.10]", ' {"a": "\\ud800"}\n', '{"a": 1, "a": 2}', "[]"]
)
def test_an_answer_in_json_is_passed_on_as_it_is(client: HmsClient, upstream: ScriptedServer, text: str) -> None:
    upstream.script[:] = [answer(200, text.encode())]
    assert call(client, "GET", "rooms", "x").text == text


def test_the_token_is_renewed_before_a_quarter_of_its_life_is_left(
    client: HmsClient, upstream: ScriptedServer, clock: Clock
) -> None:
    def sent() -> str:
        call(client, "GET", "rooms")
        return upstream.requests[-1].headers["authorization"]

    first = sent()
    clock.shift(0.74 * DEFAULT_MANAGEMENT_TOKEN_SECONDS)
    assert sent() == first
    clock.shift(0.02 * DEFAULT_MANAGEMENT_TOKEN_SECONDS)
    assert sent() != first


@pytest.mark.parametrize(
    ("statuses", "refusals"),
    [([401, 401], 1), ([401, 200], 0), ([401, 403], 0), ([401, 429, 200], 0), ([403], 0), ([200], 0)],
)
def test_a_refusal_is_a_call_whose_renewed_token_gets_401_too(
    client: HmsClient, upstream: ScriptedServer, statuses: list[int], refusals: int
) -> None:
    upstream.script[:] = [answer(status) for status in statuses]
    call(client, "GET", "rooms")
    assert client.requester.stats.auth_failures == refusals


def test_a_token_of_the_callers_own_that_gets_401_is_no_refusal_of_the_app(
    client: HmsClient, upstream: ScriptedServer
) -> None:
    upstream.script[:] = [answer(401)]
    call(client, "POST", "sip", "dtmf", body={}, token="app-token")
    assert client.requester.stats.auth_failures == 0

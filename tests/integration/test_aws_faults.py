"""Responses and logs while an AWS service fails, and the recovery of the same container."""

import json
import secrets
import socket
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from hms.tokens import sign_management_token
from tests.support.aws import Aws, running_aws
from tests.support.aws_fault_proxy import FAULTS, AwsFaultProxy, running_aws_fault_proxy
from tests.support.functions import http_event, load
from tests.support.lambda_context import Context
from tests.support.logs import Log
from tests.support.servers import ScriptedServer, answer, serve, stay_silent

KEY, SECRET, WEBHOOK_SECRET = secrets.token_hex(12), secrets.token_hex(32), secrets.token_hex(16)
SECONDS = 8
"""Remaining time of the function in milliseconds."""


@pytest.fixture(scope="module")
def aws() -> Iterator[Aws]:
    with running_aws(access_key=KEY, secret=SECRET, webhook_secret=WEBHOOK_SECRET) as running:
        yield running


@pytest.fixture
def upstream(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedServer]:
    with serve(answer(body=b'{"id": "a-room"}')) as running:
        monkeypatch.setenv("HMS_API_URL", f"{running.url}/v2")
        yield running


@pytest.fixture
def aws_fault_proxy(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> Iterator[AwsFaultProxy]:
    for name, value in aws.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("hms.parameters.REFUSAL_SECONDS", 0.1)
    monkeypatch.setattr("hms.parameters.FORCED_READ_SECONDS", 0.1)
    monkeypatch.setattr("hms.parameters.RETRY_SECONDS", (0.1, 0.1))
    with running_aws_fault_proxy(aws.url) as aws_fault_proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", aws_fault_proxy.url)
        yield aws_fault_proxy


def authorized(method: str, path: str, body: str | None = None, key: str = "") -> dict[str, Any]:
    event = http_event(method, path, body=body, authorization=f"Bearer {sign_management_token(KEY, SECRET)}")
    return {**event, "headers": event["headers"] | ({"idempotency-key": key} if key else {})}


def webhook() -> dict[str, Any]:
    body = {"version": "2.0", "id": str(uuid.uuid4()), "type": "peer.join.success", "data": {}}
    body["timestamp"] = "2026-03-04T09:30:00Z"
    event = http_event("POST", "/webhooks", body=json.dumps(body))
    return {**event, "headers": {"x-webhook-secret": WEBHOOK_SECRET}}


UNREAD = ("DynamoDB", "no JSON")
"""boto3 treats the status as the confirmation of a write, whatever the body is."""
CASES: dict[str, tuple[str, Callable[[], dict[str, Any]], str]] = {
    "AmazonSSM": ("rooms", lambda: authorized("GET", "/rooms"), "CredentialsUnavailableError"),
    "DynamoDB": ("rooms", lambda: authorized("POST", "/rooms", "{}", uuid.uuid4().hex), "StoreUnavailableError"),
    "AWSEvents": ("webhooks", webhook, "PublishError"),
}


@pytest.mark.parametrize("is_warm", [False, True], ids=["cold", "warm"])
@pytest.mark.parametrize(
    ("service", "fault"), [(service, fault) for service in CASES for fault in FAULTS if (service, fault) != UNREAD]
)
def test_a_failing_aws_service_is_503_logged_once_and_recovers(
    aws_fault_proxy: AwsFaultProxy, upstream: ScriptedServer, service: str, fault: str, is_warm: bool
) -> None:
    folder, event, error = CASES[service]
    function = load(folder)
    log = Log(folder)
    if is_warm and service != "AmazonSSM":
        assert function.handler(event(), Context(SECONDS * 1000))["statusCode"] == 200
    begun, sent = len(log.lines()), len(upstream.requests)
    with aws_fault_proxy.failing(service, fault):
        started = time.monotonic()
        response = function.handler(event(), Context(SECONDS * 1000))
        assert time.monotonic() - started < SECONDS
    assert aws_fault_proxy.failed.total() >= 1
    assert response["statusCode"] == 503
    body = json.loads(response["body"])
    assert body.keys() == {"code", "message", "details"}
    assert int(response["headers"]["retry-after"]) >= 1
    assert len(upstream.requests) == sent
    (line,) = log.lines()[begun:]
    assert (line["level"], line["error"], line["status"]) == ("ERROR", error, 503)
    assert line["reason"]
    for secret in (SECRET, WEBHOOK_SECRET):
        assert secret not in json.dumps([line, response])
    time.sleep(0.2)
    assert function.handler(event(), Context(SECONDS * 1000))["statusCode"] == 200


def test_with_the_store_silent_after_the_request_the_result_is_returned(
    aws_fault_proxy: AwsFaultProxy, upstream: ScriptedServer
) -> None:
    rooms = load("rooms")

    def stall_with_the_store(connection: socket.socket) -> None:
        aws_fault_proxy.service, aws_fault_proxy.fault = "DynamoDB", "silent"
        stay_silent(connection)

    upstream.script[:] = [stall_with_the_store]
    started = time.monotonic()
    response = rooms.handler(authorized("POST", "/rooms", "{}", uuid.uuid4().hex), Context(SECONDS * 1000))
    assert time.monotonic() - started < SECONDS
    assert (response["statusCode"], len(upstream.requests)) == (504, 1)
    assert aws_fault_proxy.failed.total() >= 1


def test_a_store_that_acts_and_answers_late_keeps_the_key_for_its_request(
    aws_fault_proxy: AwsFaultProxy, upstream: ScriptedServer
) -> None:
    rooms = load("rooms")
    late = iter([True])

    def answer_late(target: str, is_done: bool) -> bool:
        if is_done and target.endswith(".PutItem") and next(late, False):
            time.sleep(1.5)
        return False

    aws_fault_proxy.watcher = answer_late
    event = authorized("POST", "/rooms", "{}", uuid.uuid4().hex)
    first = rooms.handler(event, Context(SECONDS * 1000))
    second = rooms.handler(event, Context(SECONDS * 1000))
    assert (first["statusCode"], second["statusCode"], len(upstream.requests)) == (200, 200, 1)
    assert second["headers"]["idempotent-replay"] == "true"


def test_no_time_left_for_ssm_does_not_count_as_its_failure(
    aws_fault_proxy: AwsFaultProxy, upstream: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hms.parameters.REFUSAL_SECONDS", 60)
    rooms = load("rooms")
    assert rooms.handler(authorized("GET", "/rooms"), Context(400))["statusCode"] == 503
    assert rooms.handler(authorized("GET", "/rooms"), Context(SECONDS * 1000))["statusCode"] == 200


@pytest.mark.parametrize("parameters", ["[{}]", "[null]", '[{"Name": "/hms/secret", "Value": null}]'])
def test_an_answer_of_ssm_that_makes_no_sense_is_503(
    aws_fault_proxy: AwsFaultProxy, upstream: ScriptedServer, monkeypatch: pytest.MonkeyPatch, parameters: str
) -> None:
    with serve(answer(200, f'{{"Parameters": {parameters}}}'.encode())) as ssm:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SSM", ssm.url)
        assert load("rooms").handler(authorized("GET", "/rooms"), Context())["statusCode"] == 503


def test_ssm_silent_while_little_time_is_left_is_503_in_time(
    aws_fault_proxy: AwsFaultProxy, upstream: ScriptedServer
) -> None:
    rooms = load("rooms")
    with aws_fault_proxy.failing("AmazonSSM", "silent"):
        started = time.monotonic()
        assert rooms.handler(authorized("GET", "/rooms"), Context(3_000))["statusCode"] == 503
        assert time.monotonic() - started < 3


def test_a_wrong_secret_is_401_until_the_next_request_reads_the_right_one(
    aws_fault_proxy: AwsFaultProxy, upstream: ScriptedServer, aws: Aws
) -> None:
    rooms = load("rooms")
    upstream.script[:] = [answer(401, b'{"code": 401, "message": "refused"}')]
    assert rooms.handler(authorized("GET", "/rooms"), Context())["statusCode"] == 401
    upstream.script[:] = [answer(body=b'{"id": "a-room"}')]
    assert rooms.handler(authorized("GET", "/rooms"), Context())["statusCode"] == 200


@pytest.mark.parametrize("fault", ["missing", "empty"])
def test_a_corrected_parameter_is_read_by_the_same_container(
    aws_fault_proxy: AwsFaultProxy, upstream: ScriptedServer, aws: Aws, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    prefix = f"/{uuid.uuid4().hex}"
    monkeypatch.setenv("HMS_PARAMETER_PREFIX", prefix)
    aws.put_secret(f"{prefix}/access_key", KEY)
    if fault == "empty":
        aws.put_secret(f"{prefix}/secret", " ")
    rooms = load("rooms")
    log = Log("rooms")
    assert rooms.handler(authorized("GET", "/rooms"), Context())["statusCode"] == 503
    (line,) = log.lines()
    assert f"{prefix}/secret" in line["reason"]
    aws.put_secret(f"{prefix}/secret", SECRET)
    time.sleep(0.2)
    assert rooms.handler(authorized("GET", "/rooms"), Context())["statusCode"] == 200

"""Metrics that functions send to CloudWatch, for each service and for the whole stack."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from hms_service.observability.metrics import Metric
from tests.http_api import ROOT
from tests.integration.stack import Stack, free_ports
from tests.support.aws import functions_environment
from tests.support.commands import batch
from tests.support.functions import http_event, load
from tests.support.lambda_context import Context

Emf = dict[str, Any]
Emitted = Callable[[], Emf]
WEBHOOK = '{"id": "%s", "type": "peer.join.success", "data": {}}'


@pytest.fixture(autouse=True)
def environment(stack: Stack) -> Iterator[pytest.MonkeyPatch]:
    with functions_environment(stack) as patch:
        patch.setenv("HMS_STACK", "hms-test")
        patch.setenv("HMS_EVENT_BUS", "EventBus")
        patch.setenv("HMS_IDEMPOTENCY_TABLE", "IdempotencyTable")
        yield patch


@pytest.fixture
def emitted(capsys: pytest.CaptureFixture[str]) -> Emitted:
    """Return the metrics of the only invocation since the last call, by name."""

    def values() -> Emf:
        lines = [line for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
        (line,) = map(json.loads, lines)
        (definition,) = line["_aws"]["CloudWatchMetrics"]
        assert definition["Namespace"] == "hms"
        assert definition["Dimensions"] == [["stack", "service"], ["stack"]]
        assert line["stack"] == "hms-test"
        known = {metric.value for metric in Metric}
        units = {metric["Name"]: metric["Unit"] for metric in definition["Metrics"]}
        assert units.keys() <= known
        assert {name for name, unit in units.items() if unit != "Count"} <= {"UpstreamLatency"}
        assert line.keys() == {"_aws", "stack", "service", *units}
        return {"service": line["service"], **{name: line[name] for name in units}}

    return values


def get_rooms(stack: Stack, function: str = "rooms") -> int:
    event = http_event("GET", "/rooms", authorization=f"Bearer {stack.token}")
    status: int = load(function).handler(event, Context())["statusCode"]
    return status


def fault(stack: Stack, **members: Any) -> None:
    requests.post(f"{stack.simulator}/_simulator/faults", json=members, timeout=10).raise_for_status()


def test_a_request_counts_for_its_section_and_the_stack_with_its_latency(stack: Stack, emitted: Emitted) -> None:
    assert get_rooms(stack) == 200
    metrics = emitted()
    assert 0 < metrics.pop("UpstreamLatency")[0] < 10_000
    assert metrics == {"service": "rooms", "Requests": [1]}


def test_what_was_refused_here_took_no_time_of_100ms(emitted: Emitted) -> None:
    answer = load("rooms").handler(http_event("GET", "/rooms"), Context())
    assert answer["statusCode"] == 401
    assert emitted() == {"service": "rooms", "Requests": [1]}


def test_a_second_try_is_a_retry_and_no_error_when_it_succeeds(stack: Stack, emitted: Emitted) -> None:
    fault(stack, method="GET", path="/v2/rooms", status=503)
    assert get_rooms(stack) == 200
    metrics = emitted()
    assert (metrics["Retries"], "UpstreamErrors" in metrics, "ServerErrors" in metrics) == ([1], False, False)


def test_a_5xx_of_100ms_is_an_error_of_theirs_and_of_ours(stack: Stack, emitted: Emitted) -> None:
    fault(stack, method="GET", path="/v2/rooms", status=503, times=3)
    assert get_rooms(stack) == 503
    metrics = emitted()
    assert (metrics["UpstreamErrors"], metrics["ServerErrors"], metrics["Retries"]) == ([1], [1], [2])


def test_an_answer_that_is_not_json_or_none_at_all_is_an_error_of_100ms(
    stack: Stack, emitted: Emitted, environment: pytest.MonkeyPatch
) -> None:
    fault(stack, method="GET", path="/v2/rooms", status=200, body="<html>")
    assert get_rooms(stack) == 502
    assert emitted()["UpstreamErrors"] == [1]
    (port,) = free_ports(1)
    environment.setenv("HMS_API_URL", f"http://127.0.0.1:{port}/v2")
    assert get_rooms(stack) == 502
    assert emitted()["UpstreamErrors"] == [1]


def test_unreadable_credentials_and_refused_credentials_are_failures(
    stack: Stack, emitted: Emitted, environment: pytest.MonkeyPatch
) -> None:
    fault(stack, method="GET", path="/v2/rooms", status=401, body={"code": 401, "message": "no"}, times=2)
    assert get_rooms(stack) == 401
    assert emitted()["CredentialFailures"] == [1]
    environment.setenv("HMS_PARAMETER_PREFIX", "/elsewhere")
    assert get_rooms(stack) == 503
    metrics = emitted()
    assert (metrics["CredentialFailures"], "UpstreamLatency" in metrics) == ([1], False)


def test_a_replayed_answer_is_counted_as_one(stack: Stack, emitted: Emitted) -> None:
    event = http_event("POST", "/rooms", body='{"name": "a"}', authorization=f"Bearer {stack.token}")
    event["headers"]["idempotency-key"] = "test-metrics"
    rooms = load("rooms")
    assert rooms.handler(event, Context())["statusCode"] == 200
    assert "IdempotentReplays" not in emitted()
    assert rooms.handler(event, Context())["statusCode"] == 200
    assert emitted() == {"service": "rooms", "Requests": [1], "IdempotentReplays": [1]}


def deliver(id_: str, secret: str = "local-webhook-secret") -> int:
    event = http_event("POST", "/webhooks", body=WEBHOOK % id_)
    event["headers"]["x-webhook-secret"] = secret
    status: int = load("webhooks").handler(event, Context(8_000))["statusCode"]
    return status


def test_a_webhook_is_published_repeated_refused_or_lost(emitted: Emitted, environment: pytest.MonkeyPatch) -> None:
    assert deliver("metrics-1") == 200
    assert emitted() == {"service": "webhooks", "Requests": [1], "WebhooksPublished": [1]}
    assert deliver("metrics-1") == 200
    assert emitted() == {"service": "webhooks", "Requests": [1], "WebhooksDuplicated": [1]}
    assert deliver("metrics-1", secret="wrong") == 401
    assert emitted() == {"service": "webhooks", "Requests": [1], "WebhooksRejected": [1]}
    environment.setenv("HMS_EVENT_BUS", "")
    assert deliver("metrics-2") == 503
    assert emitted() == {"service": "webhooks", "Requests": [1], "ServerErrors": [1], "PublishFailures": [1]}


def test_a_batch_of_commands_is_one_line_with_the_count_of_each_result(stack: Stack, emitted: Emitted) -> None:
    fault(stack, method="POST", path="/v2/rooms", status=429, times=3, headers={"retry-after": "0"})
    create = {"operation": "rooms.create", "arguments": {"body": {"name": "b"}}}
    messages = [create, create, {"operation": "rooms.retrieve", "arguments": {"room_id": "none"}}, {"operation": "x"}]
    answer = load("commands").handler(batch(*messages, prefix="metrics"), Context(120_000))
    assert len(answer["batchItemFailures"]) == 1
    metrics = emitted()
    assert len(metrics.pop("UpstreamLatency")) == 3
    assert metrics == {
        "service": "commands",
        "CommandsSucceeded": [1],
        "CommandsFailed": [2],
        "CommandsDeferred": [1],
        "Retries": [2],
    }


def test_a_webhook_without_secret_raises_no_alarm_whatever_ssm_contains(
    emitted: Emitted, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("HMS_PARAMETER_PREFIX", "/elsewhere")
    assert deliver("metrics-3", secret="") == 401
    assert emitted() == {"service": "webhooks", "Requests": [1], "WebhooksRejected": [1]}


def test_a_webhook_that_crashes_us_is_one_that_was_lost(emitted: Emitted, environment: pytest.MonkeyPatch) -> None:
    def crash(*_: object, **__: object) -> None:
        raise RuntimeError

    environment.setattr("hms_service.event_bus.EventBus.publish", crash)
    assert deliver("metrics-4") == 500
    assert emitted()["PublishFailures"] == [1]


def test_commands_without_credentials_tell_of_it(emitted: Emitted, environment: pytest.MonkeyPatch) -> None:
    environment.setenv("HMS_PARAMETER_PREFIX", "/elsewhere")
    load("commands").handler(batch({"operation": "rooms.list"}, prefix="metrics-credentials"), Context(120_000))
    metrics = emitted()
    assert (metrics["CredentialFailures"], metrics["CommandsDeferred"]) == ([1], [1])


@pytest.mark.filterwarnings("error")
def test_an_invocation_without_a_command_emits_no_metric(capsys: pytest.CaptureFixture[str]) -> None:
    assert load("commands").handler([], Context(120_000)) == []
    assert "_aws" not in capsys.readouterr().out


def test_unknown_outcomes_and_failed_publishes_have_separate_metrics(
    stack: Stack, emitted: Emitted, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("HMS_EVENT_BUS", "")
    fault(stack, method="POST", path="/v2/rooms", close=True)
    create = {"operation": "rooms.create", "arguments": {"body": {"name": "c"}}}
    load("commands").handler(batch(create, prefix="metrics-unknown"), Context(120_000))
    metrics = emitted()
    assert (metrics["CommandsUnknown"], metrics["UpstreamErrors"], metrics["PublishFailures"]) == ([1], [1], [1])


def test_attendance_that_was_not_stored_is_counted_at_each_delivery(
    emitted: Emitted, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("HMS_ATTENDANCE_TABLE", "NoSuchTable")
    events = json.loads((ROOT / "events" / "attendance_keeper" / "sqs_batch.json").read_text())
    failed = load("attendance_keeper").handler(events, Context())["batchItemFailures"]
    assert emitted() == {"service": "attendance_keeper", "AttendanceEventsDeferred": [len(failed)]}
    assert failed

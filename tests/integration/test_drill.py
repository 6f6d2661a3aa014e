"""A drill of the runbook: each failure happens on the local stack, starts its alarm, and is found as the runbook says.

`make drill` prints what an operator sees: log lines, metrics, the alarm and the fields of its query.
"""

import json
import re
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any, NamedTuple

import pytest
import requests

from hms_service.observability.metrics import NAMESPACE
from tests.http_api import ROOT, monitoring, template
from tests.integration.stack import Stack
from tests.support.alarms import Value, deliveries, starts_always
from tests.support.aws import functions_environment
from tests.support.aws_fault_proxy import AwsFaultProxy, running_aws_fault_proxy
from tests.support.commands import batch
from tests.support.functions import http_event, load
from tests.support.lambda_context import Context
from tests.support.logs import Log

RESOURCES: dict[str, Any] = template()["Resources"] | monitoring()["Resources"]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()
KEPT: dict[str, Any] = json.loads((ROOT / "events" / "attendance_keeper" / "sqs_batch.json").read_text())
PER_MINUTE = [second for minute in range(15) for second in (minute * 60, minute * 60 + 20, minute * 60 + 40)]
QUICKLY = [0, 4 * 60]


class Drill(NamedTuple):
    """A failure and what an operator sees of it.

    Attributes:
        alarm: the alarm that must start.
        folder: the function that is invoked.
        seconds: when it is invoked.
        failing: AWS service and fault, or None if 100ms fails.
        query: saved query of the runbook's entry, by logical ID. Without one, the entry names lines of the log.
        shows: values that the lines must have.
    """

    alarm: str
    folder: str
    seconds: list[int]
    failing: tuple[str, str] | None
    query: str | None
    shows: dict[str, Any]


def deliveries_of(queue: str) -> list[int]:
    return deliveries(RESOURCES[queue]["Properties"])[:3]


DRILLS = [
    Drill("ServerErrorsAlarm", "rooms", PER_MINUTE, None, "ErrorsQuery", {"status": 500, "message": "request"}),
    Drill("UpstreamErrorsAlarm", "rooms", PER_MINUTE, None, "UpstreamQuery", {"upstream_status": 500}),
    Drill("DeploymentErrorsAlarm", "rooms", [0, 0, 0, 0, 0], None, "ErrorsQuery", {"status": 500}),
    Drill(
        "CredentialFailuresAlarm",
        "rooms",
        QUICKLY,
        ("AmazonSSM", "denied"),
        "ErrorsQuery",
        {"status": 503, "error": "CredentialsUnavailableError"},
    ),
    Drill(
        "PublishFailuresAlarm", "webhooks", [0], ("AWSEvents", "failing"), "WebhooksQuery", {"error": "PublishError"}
    ),
    Drill(
        "CommandsDeferredAlarm",
        "commands",
        deliveries_of("CommandsQueue"),
        ("AmazonSSM", "denied"),
        "CommandsQuery",
        {"outcome": "did not run", "published": False},
    ),
    Drill(
        "AttendanceDeferredAlarm",
        "attendance_keeper",
        deliveries_of("AttendanceQueue"),
        ("DynamoDB", "failing"),
        None,
        {"message": "not kept"},
    ),
]


@pytest.fixture(autouse=True)
def environment(stack: Stack) -> Iterator[pytest.MonkeyPatch]:
    with functions_environment(stack) as patch:
        patch.setenv("HMS_STACK", "hms")
        patch.setenv("HMS_EVENT_BUS", "EventBus")
        patch.setenv("HMS_IDEMPOTENCY_TABLE", "IdempotencyTable")
        patch.setenv("HMS_ATTENDANCE_TABLE", "AttendanceTable")
        patch.setattr("hms.parameters.REFUSAL_SECONDS", 0.0)
        patch.setattr("hms.parameters.RETRY_SECONDS", (0.0, 0.0))
        yield patch


@pytest.fixture
def aws(stack: Stack, environment: pytest.MonkeyPatch) -> Iterator[AwsFaultProxy]:
    with running_aws_fault_proxy(stack.aws) as proxy:
        environment.setenv("AWS_ENDPOINT_URL", proxy.url)
        yield proxy


ELSEWHERE = {
    "LatencyAlarm": "tests/unit/test_alarm_conditions.py",
    "ThrottlesAlarm": "tests/unit/test_alarm_conditions.py",
    "FunctionErrorsAlarm": "tests/unit/test_alarm_conditions.py",
    "UndeliveredEventsAlarm": "tests/docs/test_runbook.py",
    "CommandsDeadLettersAlarm": "tests/docs/test_runbook.py",
    "AttendanceDeadLettersAlarm": "tests/docs/test_runbook.py",
    "CommandsDelayAlarm": "tests/docs/test_runbook.py",
    "AttendanceDelayAlarm": "tests/docs/test_runbook.py",
}
"""Entries whose failure the local stack cannot cause, and the test that covers them."""


def event_for(folder: str, stack: Stack) -> dict[str, Any]:
    if folder == "commands":
        return batch({"operation": "rooms.list"}, prefix=str(uuid.uuid4()))
    if folder == "attendance_keeper":
        return KEPT
    if folder == "webhooks":
        body = {"id": str(uuid.uuid4()), "type": "peer.join.success", "data": {}}
        event = http_event("POST", "/webhooks", body=json.dumps(body))
        event["headers"]["x-webhook-secret"] = "local-webhook-secret"
        return event
    return http_event("GET", "/rooms", authorization=f"Bearer {stack.token}")


def values(second: int, response: Any, output: str) -> Iterator[Value]:
    """Yield the metrics of an invocation: its own, and API Gateway's."""
    for line in (json.loads(line) for line in output.splitlines() if '"_aws"' in line):
        (definition,) = line["_aws"]["CloudWatchMetrics"]
        assert (definition["Namespace"], line["stack"]) == (NAMESPACE, "hms")
        for metric in definition["Metrics"]:
            yield from (Value(second, metric["Name"], value) for value in line[metric["Name"]])
    if "statusCode" in response:
        yield Value(second, "Count")
        if response["statusCode"] >= 500:
            yield Value(second, "5xx")


def fields_of(query: str) -> set[str]:
    """Return the fields of log lines that a query reads."""
    text = re.sub(r'"[^"]*"', "", RESOURCES[query]["Properties"]["QueryString"])
    words = set(re.findall(r"(?<![@\w])[a-z]\w*\b(?!\()", text))
    renamed = set(re.findall(r" as (\w+)", text))
    return words - renamed - {"fields", "filter", "stats", "sort", "by", "as", "and", "or", "asc", "desc", "pct"}


def entry_of(alarm: str) -> str:
    return OPERATIONS.partition(f"### {alarm}\n")[2].partition("\n### ")[0]


@pytest.mark.parametrize("drill", DRILLS, ids=lambda drill: drill.alarm)
def test_a_failure_starts_its_alarm_and_is_found_as_the_runbook_says(
    drill: Drill, stack: Stack, aws: AwsFaultProxy, capsys: pytest.CaptureFixture[str]
) -> None:
    function = load(drill.folder)
    log = Log(drill.folder)
    if not drill.failing:
        down = {"method": "GET", "path": "/v2/rooms", "status": 500, "times": len(drill.seconds)}
        requests.post(f"{stack.simulator}/_simulator/faults", json=down, timeout=10).raise_for_status()
    seen: list[Value] = []
    with aws.failing(*drill.failing) if drill.failing else nullcontext():
        for second in drill.seconds:
            response = function.handler(event_for(drill.folder, stack), Context(28_000))
            seen += values(second, response, capsys.readouterr().out)

    assert starts_always(RESOURCES[drill.alarm]["Properties"], seen)
    lines = [line for line in log.lines() if drill.shows.items() <= line.items()]
    assert len(lines) >= len(drill.seconds)
    if drill.query:
        name = RESOURCES[drill.query]["Properties"]["Name"]["Fn::Sub"].partition("/")[2]
        assert f"*{name}*" in entry_of(drill.alarm)
        missing = fields_of(drill.query) - lines[0].keys() - {"error", "reason", "upstream_status"}
        assert not missing
    counts = dict(Counter(value.metric for value in seen))
    print(f"{drill.alarm} starts: {RESOURCES[drill.alarm]['Properties']['AlarmDescription']}")
    print(f"log line: {json.dumps(lines[0])}\nmetrics: {counts}\nquery: {drill.query or 'the lines of the log group'}")


def test_every_entry_of_the_runbook_is_followed_by_a_test() -> None:
    entries = set(re.findall(r"^### (\w+Alarm)$", OPERATIONS, re.MULTILINE))
    assert {drill.alarm for drill in DRILLS} | ELSEWHERE.keys() == entries
    assert all((ROOT / test).exists() for test in ELSEWHERE.values())

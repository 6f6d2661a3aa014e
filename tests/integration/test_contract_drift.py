"""`make drift` compares the webhooks in the bus's archive with the documentation, and leaves nothing behind."""

import json
import os
import signal
import subprocess
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
import requests
from botocore.exceptions import ClientError, EndpointConnectionError

from local.stack import WEBHOOK_SECRET
from tests.docs.snippets import snippets
from tests.integration.stack import ROOT, Stack
from tests.support.aws import functions_environment
from tests.support.make import make_flags
from tests.unit.test_contract_drift import sample
from tools.contract_drift import archive as archive_module
from tools.contract_drift.__main__ import main
from tools.contract_drift.archive import Archive, ArchiveError

HOUR = timedelta(hours=1)


@pytest.fixture
def began() -> datetime:
    """The time of the test. Webhooks of earlier tests are older."""
    time.sleep(0.01)
    return datetime.now(UTC)


@pytest.fixture
def environment(stack: Stack) -> Iterator[pytest.MonkeyPatch]:
    with functions_environment(stack) as patch:
        patch.setenv("MAKEFLAGS", make_flags())
        patch.setattr(archive_module, "WAIT_SECONDS", 1)
        yield patch


def command(stack: Stack, start: datetime, end: datetime) -> list[str]:
    port = urlsplit(stack.aws).port
    return ["make", "-s", "drift", "LOCAL=1", f"AWS_PORT={port}", f"FROM={start.isoformat()}", f"TO={end.isoformat()}"]


def drift(stack: Stack, start: datetime, end: datetime) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(stack, start, end), cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False
    )


def send(stack: Stack, webhook: dict[str, Any]) -> None:
    """Send a webhook as 100ms does, with a new ID and the current time."""
    body = webhook | {"id": str(uuid.uuid4()), "timestamp": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"}
    headers = {"x-webhook-secret": WEBHOOK_SECRET}
    requests.post(f"{stack.api}/webhooks", json=body, headers=headers, timeout=30).raise_for_status()


def left_behind() -> list[str]:
    rules = boto3.client("events").list_rules(EventBusName="EventBus", NamePrefix="drift-")["Rules"]
    queues = boto3.client("sqs").list_queues(QueueNamePrefix="drift-").get("QueueUrls", [])
    return [*(rule["Name"] for rule in rules), *queues]


def replays() -> dict[str, str]:
    return {
        replay["ReplayName"]: replay["State"]
        for replay in boto3.client("events").list_replays(NamePrefix="drift-")["Replays"]
    }


def test_webhooks_that_differ_are_reported_by_their_type(
    stack: Stack, environment: pytest.MonkeyPatch, began: datetime
) -> None:
    joined, left = sample("peer.join.success"), sample("peer.leave.success")
    send(stack, joined)
    del joined["data"]["room_name"]
    joined["data"] |= {"user_name": ["Ada"], "device": "tablet", "room-code-1": "abc"}
    send(stack, joined)
    send(stack, left)
    send(stack, left | {"type": "peer.dance.success"})
    before = replays()
    run = drift(stack, began, began + HOUR)
    assert (run.returncode, run.stderr.count("\n")) == (0, 1), run.stderr
    assert run.stdout == (
        "Differences from the documentation (names and types only):\n"
        "peer.join.success\n"
        "  missing member  data.room_name  (1 of 2)\n"
        "  other type  data.user_name: array, documented: string  (1 of 2)\n"
        "  unknown member  data.*: string  (1 of 2)\n"
        "  unknown member  data.device: string  (1 of 2)\n"
        "peer.dance.success\n"
        "  not documented  (1)\n"
        "Compared 3 webhooks with the documentation: 1 of 2 event types differ, 1 more not documented\n"
    )
    assert left_behind() == []
    assert [state for name, state in replays().items() if name not in before] == ["COMPLETED"]


def test_webhooks_of_other_times_and_other_events_are_not_read(
    stack: Stack, environment: pytest.MonkeyPatch, began: datetime
) -> None:
    send(stack, sample("peer.join.success"))
    entry = {"EventBusName": "EventBus", "Source": "hms.other", "DetailType": "peer.join.success", "Detail": "{}"}
    boto3.client("events").put_events(Entries=[entry])  # type: ignore[list-item]
    archive = Archive(boto3.Session(), "")
    with archive.replayed(began - HOUR, began) as replay:
        earlier = list(replay.webhooks(100, 60))
    with archive.replayed(began, began + HOUR) as replay:
        send(stack, sample("peer.leave.success"))
        found = [webhook["type"] for webhook in replay.webhooks(100, 60)]
    assert found == ["peer.join.success"]
    assert all(datetime.fromisoformat(webhook["timestamp"]) < began for webhook in earlier)


def test_no_other_rule_gets_the_events_again(stack: Stack, environment: pytest.MonkeyPatch, began: datetime) -> None:
    events, sqs = boto3.client("events"), boto3.client("sqs")
    name = f"other-{uuid.uuid4()}"
    queue = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name=name, EventBusName="EventBus", EventPattern=json.dumps({"source": ["100ms"]}))
    events.put_targets(Rule=name, EventBusName="EventBus", Targets=[{"Id": "queue", "Arn": arn}])
    try:
        send(stack, sample("peer.join.success"))
        with Archive(boto3.Session(), "EventBus").replayed(began, began + HOUR) as replay:
            assert len(list(replay.webhooks(100, 60))) == 1
        count = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["ApproximateNumberOfMessages"])
        assert count["Attributes"]["ApproximateNumberOfMessages"] == "1"
    finally:
        events.remove_targets(Rule=name, EventBusName="EventBus", Ids=["queue"])
        events.delete_rule(Name=name, EventBusName="EventBus")
        sqs.delete_queue(QueueUrl=queue)


def test_only_the_rule_may_send_to_the_queue(stack: Stack, environment: pytest.MonkeyPatch, began: datetime) -> None:
    with Archive(boto3.Session(), "").replayed(began, began + HOUR):
        (rule, queue) = left_behind()
        attributes = boto3.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
        described = boto3.client("events").describe_rule(Name=rule, EventBusName="EventBus")
    (statement,) = json.loads(attributes["Policy"])["Statement"]
    assert (statement["Action"], statement["Principal"]) == ("sqs:SendMessage", {"Service": "events.amazonaws.com"})
    assert statement["Resource"] == attributes["QueueArn"]
    assert statement["Condition"] == {"ArnEquals": {"aws:SourceArn": described["Arn"]}}
    assert (attributes["SqsManagedSseEnabled"], attributes["MessageRetentionPeriod"]) == ("true", "3600")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_command_leaves_nothing_behind(
    stack: Stack, environment: pytest.MonkeyPatch, began: datetime, number: signal.Signals
) -> None:
    with subprocess.Popen(
        command(stack, began, began + HOUR), cwd=ROOT, env=os.environ, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        ends = time.monotonic() + 30
        while len(left_behind()) < 2 and time.monotonic() < ends:
            time.sleep(0.05)
        assert len(left_behind()) == 2
        os.killpg(process.pid, number)
        _, errors = process.communicate(timeout=30)
    ends = time.monotonic() + 10
    while left_behind() and time.monotonic() < ends:
        time.sleep(0.05)
    assert left_behind() == []
    assert process.returncode != 0
    assert b"Traceback" not in errors


CREATIONS = ["sqs.CreateQueue", "events.PutRule", "events.PutTargets", "events.StartReplay", "sqs.ReceiveMessage"]


@pytest.mark.parametrize("operation", CREATIONS)
@pytest.mark.parametrize("when", ["before-call", "after-call"])
@pytest.mark.parametrize("failure", [EndpointConnectionError(endpoint_url="http://aws"), KeyboardInterrupt()])
def test_a_failure_at_any_step_leaves_nothing_behind(
    environment: pytest.MonkeyPatch, began: datetime, operation: str, when: str, failure: BaseException
) -> None:
    """AWS has processed the call; only the response is lost."""

    def fail(**_: object) -> None:
        raise failure

    archive = Archive(boto3.Session(), "")
    client = archive._sqs if operation.startswith("sqs") else archive._events
    client.meta.events.register(f"{when}.{operation}", fail)
    with pytest.raises(type(failure)), archive.replayed(began, began + HOUR) as replay:
        list(replay.webhooks(1, 60))
    assert left_behind() == []


def test_a_running_replay_is_cancelled(environment: pytest.MonkeyPatch, began: datetime) -> None:
    """moto ends a replay at once, so the state is set here."""
    archive = Archive(boto3.Session(), "")
    cancelled = []

    def running(parsed: dict[str, Any], **_: object) -> None:
        parsed["State"] = "RUNNING"

    archive._events.meta.events.register("after-call.events.DescribeReplay", running)
    archive._events.meta.events.register(
        "before-call.events.CancelReplay", lambda params, **_: cancelled.append(json.loads(params["body"]))
    )
    with archive.replayed(began, began + HOUR) as replay:
        list(replay.webhooks(100, 0))
    assert [item["ReplayName"] for item in cancelled] == [replay._name]
    assert left_behind() == []


def test_the_documented_permissions_are_those_that_it_needs(environment: pytest.MonkeyPatch, began: datetime) -> None:
    called = {"events:CancelReplay"}  # moto ends a replay at once
    archive = Archive(boto3.Session(), "EventBus")
    for service, client in (("events", archive._events), ("sqs", archive._sqs)):
        client.meta.events.register(
            f"before-call.{service}", lambda model, service=service, **_: called.add(f"{service}:{model.name}")
        )
    with archive.replayed(began, began + HOUR) as replay:
        list(replay.webhooks(100, 60))
    (policy,) = [
        snippet.text for snippet in snippets(ROOT / "docs" / "operations.md") if "events:StartReplay" in snippet.text
    ]
    actions = [statement["Action"] for statement in json.loads(policy)["Statement"]]
    assert called == {name for action in actions for name in ([action] if isinstance(action, str) else action)}


def test_what_cannot_be_removed_is_printed_and_the_rest_is_removed(
    environment: pytest.MonkeyPatch, began: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = Archive(boto3.Session(), "")

    def deny(**_: object) -> None:
        raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "DeleteRule")

    archive._events.meta.events.register("before-call.events.DeleteRule", deny)
    with archive.replayed(began, began + HOUR) as replay:
        pass
    assert capsys.readouterr().err.startswith(f"Not removed: rule {replay._name}: ")
    assert left_behind() == [replay._name]
    boto3.client("events").delete_rule(Name=replay._name, EventBusName="EventBus")


def test_it_stops_at_the_most_webhooks(
    stack: Stack, environment: pytest.MonkeyPatch, began: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(3):
        send(stack, sample("peer.join.success"))
    main([f"--from={began.isoformat()}", f"--to={(began + HOUR).isoformat()}", "--max=2"])
    output = capsys.readouterr()
    assert output.err.endswith("\nStopped at the limit of webhooks or time; there may be more webhooks.\n")
    assert output.out.endswith("Compared 2 webhooks with the documentation: 0 of 1 event types differ\n")
    assert left_behind() == []


def test_a_replay_that_failed_is_an_error(environment: pytest.MonkeyPatch, began: datetime) -> None:
    archive = Archive(boto3.Session(), "")

    def failed(parsed: dict[str, Any], **_: object) -> None:
        parsed |= {"State": "FAILED", "StateReason": "Internal failure"}

    archive._events.meta.events.register("after-call.events.DescribeReplay", failed)
    with (
        pytest.raises(ArchiveError, match="the replay is FAILED: Internal failure"),
        archive.replayed(began, began + HOUR) as replay,
    ):
        list(replay.webhooks(100, 60))
    assert left_behind() == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--from=2026-03-04T09:00:00", "--to=2026-03-04T11:00:00Z"], "--from: must be a time with its zone"),
        (["--from=yesterday", "--to=2026-03-04T11:00:00Z"], "--from: must be a time with its zone"),
        (["--from=2026-03-04T11:00:00Z", "--to=2026-03-04T09:00:00Z"], "--from: must be before --to"),
        (["--from=2026-03-04T09:00:00Z"], "the following arguments are required: --to"),
        (["--from=2026-03-04T09:00:00Z", "--to=2026-03-04T11:00:00Z", "--stage=none"], "must be a stage"),
        (["--from=2026-03-04T09:00:00Z", "--to=2026-03-04T11:00:00Z", "--stage=dev"], "hms-dev does not exist"),
    ],
)
def test_a_wrong_argument_is_an_error_in_one_line(
    environment: pytest.MonkeyPatch, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code not in (0, None)
    assert message in capsys.readouterr().err + str(ended.value.code)
    assert left_behind() == []


def test_a_bus_without_an_archive_is_an_error(environment: pytest.MonkeyPatch, began: datetime) -> None:
    with (
        pytest.raises(ArchiveError, match="the event bus default has no archive"),
        Archive(boto3.Session(), "default").replayed(began, began + HOUR),
    ):
        pass

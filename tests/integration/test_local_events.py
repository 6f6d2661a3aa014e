"""Events in the local stack: from 100ms to the bus, from the bus to queues, from queues to functions."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
import requests

from local.limits.table import LAMBDA_REQUEST, MESSAGE
from local.settings import Settings
from local.stack import StackUrls, running_stack
from tests.integration.stack import ROOT, Stack, environment, free_ports

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

TEMPLATE = Path(__file__).parent / "queue_stack" / "template.yaml"
REGION = "ap-south-1"  # moto keeps one state per process and region


def settings(region: str) -> Settings:
    port, aws_port = map(str, free_ports(2))
    variables = {"PORT": port, "AWS_PORT": aws_port, "AWS_REGION": region, "UPSTREAM": "http://127.0.0.1:9/v2"}
    return Settings.from_environment(variables)


@pytest.fixture(scope="module")
def queues() -> Iterator[StackUrls]:
    with running_stack(settings(REGION), TEMPLATE) as addresses:
        yield addresses


@pytest.fixture(scope="module")
def session() -> boto3.Session:
    return boto3.Session("test", "test", region_name=REGION)


@pytest.fixture
def sqs(queues: StackUrls, session: boto3.Session) -> "SQSClient":
    return session.client("sqs", endpoint_url=queues.aws)


class Notes:
    """Return the batches that the function recorded."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def order(self, do: str = "pass") -> str:
        return json.dumps({"file": str(self.file), "do": do})

    def batches(self) -> list[dict[str, Any]]:
        text = self.file.read_text() if self.file.exists() else ""
        return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]

    def records(self) -> list[dict[str, Any]]:
        return [record for batch in self.batches() for record in batch["records"]]

    def wait_for(self, count: int, seconds: float = 10) -> list[dict[str, Any]]:
        """Return the records, once there are `count`."""
        ends = time.monotonic() + seconds
        while len(self.records()) < count and time.monotonic() < ends:
            time.sleep(0.02)
        return self.records()


@pytest.fixture
def notes(tmp_path: Path) -> Notes:
    return Notes(tmp_path / "batches")


def url(sqs: "SQSClient", queue: str) -> str:
    return sqs.get_queue_url(QueueName=queue)["QueueUrl"]


def receive(sqs: "SQSClient", queue: str, seconds: int = 10) -> list[Any]:
    answer = sqs.receive_message(QueueUrl=url(sqs, queue), WaitTimeSeconds=seconds, MaxNumberOfMessages=10)
    return answer.get("Messages", [])


def count_left(sqs: "SQSClient", queue: str) -> int:
    counts = sqs.get_queue_attributes(QueueUrl=url(sqs, queue), AttributeNames=["All"])["Attributes"]
    return int(counts["ApproximateNumberOfMessages"]) + int(counts["ApproximateNumberOfMessagesNotVisible"])


def test_what_the_template_describes_is_there_by_its_logical_id(queues: StackUrls, sqs: "SQSClient") -> None:
    listed = {queue.rpartition("/")[2] for queue in sqs.list_queues()["QueueUrls"]}
    assert listed == {"Quick", "Dead", "Slow"}


def test_a_batch_is_split_where_its_event_would_be_too_large_for_lambda(sqs: "SQSClient", notes: Notes) -> None:
    order = notes.order()
    body = order[:-1] + ', "fill": "' + '\\"' * ((MESSAGE.value - len(order) - 12) // 2) + '"}'
    for _ in range(3):
        sqs.send_message(QueueUrl=url(sqs, "Slow"), MessageBody=body)
    assert len({record["messageId"] for record in notes.wait_for(3, 30)}) == 3
    sizes = [len(json.dumps({"Records": batch["records"]}).encode()) for batch in notes.batches()]
    assert max(sizes) <= LAMBDA_REQUEST.value < sum(sizes)


def test_a_message_reaches_the_function_as_lambda_hands_it_over(sqs: "SQSClient", notes: Notes) -> None:
    attributes: Any = {
        "Text": {"DataType": "String", "StringValue": "x"},
        "Bytes": {"DataType": "Binary", "BinaryValue": b"\xff"},
    }
    sent = sqs.send_message(QueueUrl=url(sqs, "Quick"), MessageBody=notes.order(), MessageAttributes=attributes)
    (record,) = notes.wait_for(1)
    assert record["messageId"] == sent["MessageId"]
    assert (record["eventSource"], record["awsRegion"]) == ("aws:sqs", REGION)
    assert record["eventSourceARN"] == f"arn:aws:sqs:{REGION}:123456789012:Quick"
    assert record["md5OfBody"] == sent["MD5OfMessageBody"]
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert record["attributes"]["SentTimestamp"].isdigit()
    assert record["messageAttributes"] == {
        "Text": {"dataType": "String", "stringValue": "x"},
        "Bytes": {"dataType": "Binary", "binaryValue": "/w=="},
    }


def test_a_batch_waits_for_more_messages_and_is_never_larger_than_declared(sqs: "SQSClient", notes: Notes) -> None:
    for _ in range(7):
        sqs.send_message(QueueUrl=url(sqs, "Slow"), MessageBody=notes.order())
    assert len({record["messageId"] for record in notes.wait_for(7)}) == 7
    sizes = [len(batch["records"]) for batch in notes.batches()]
    assert sum(sizes) == 7
    assert max(sizes) == 3


def test_a_failed_message_is_retried_alone_and_ends_in_the_dead_letters(sqs: "SQSClient", notes: Notes) -> None:
    entries: Any = [{"Id": do, "MessageBody": notes.order(do)} for do in ("pass", "fail", "pass2")]
    sqs.send_message_batch(QueueUrl=url(sqs, "Quick"), Entries=entries)
    (dead,) = receive(sqs, "Dead")
    assert json.loads(dead["Body"])["do"] == "fail"
    counts = sorted(
        (json.loads(record["body"])["do"], record["attributes"]["ApproximateReceiveCount"])
        for record in notes.records()
    )
    assert counts == [("fail", "1"), ("fail", "2"), ("pass", "1"), ("pass2", "1")]
    sqs.delete_message(QueueUrl=url(sqs, "Dead"), ReceiptHandle=dead["ReceiptHandle"])
    assert count_left(sqs, "Quick") == 0


@pytest.mark.parametrize("ending", ["crash", "nonsense"])
def test_a_failed_function_or_an_invalid_report_retries_the_batch(sqs: "SQSClient", notes: Notes, ending: str) -> None:
    sqs.send_message(QueueUrl=url(sqs, "Quick"), MessageBody=notes.order(ending))
    records = notes.wait_for(2)
    assert [record["attributes"]["ApproximateReceiveCount"] for record in records] == ["1", "2"]
    (dead,) = receive(sqs, "Dead")
    sqs.delete_message(QueueUrl=url(sqs, "Dead"), ReceiptHandle=dead["ReceiptHandle"])


def test_a_rule_hands_what_it_matches_to_its_queue(
    queues: StackUrls, session: boto3.Session, sqs: "SQSClient", notes: Notes
) -> None:
    detail = json.loads(notes.order())
    entries: Any = [
        {"EventBusName": "Bus", "Source": "someone", "DetailType": kind, "Detail": json.dumps({**detail, "of": kind})}
        for kind in ("unwanted", "wanted")
    ]
    session.client("events", endpoint_url=queues.aws).put_events(Entries=entries)
    notes.wait_for(1)
    (batch,) = notes.batches()
    (record,) = batch["records"]
    event = json.loads(record["body"])
    assert (event["source"], event["detail-type"], event["detail"]["of"]) == ("someone", "wanted", "wanted")
    assert batch["bus"] == "Bus"


def test_the_stack_ends_in_the_middle_of_a_batch(notes: Notes) -> None:
    region = "ap-southeast-1"
    with running_stack(settings(region), TEMPLATE) as addresses:
        sqs = boto3.Session("test", "test", region_name=region).client("sqs", endpoint_url=addresses.aws)
        sqs.send_message(QueueUrl=url(sqs, "Quick"), MessageBody=notes.order("hang"))
        assert notes.wait_for(1)
        ending = time.monotonic()
    assert time.monotonic() - ending < 5
    assert len(notes.records()) == 1


class Follower:
    """Run `python -m local.events` for a stack."""

    def __init__(self, stack: Stack) -> None:
        variables = environment(AWS_PORT=stack.aws.rpartition(":")[2])
        command = [sys.executable, "-m", "local.events"]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stderr
        self.greeting = self.process.stderr.readline()

    def wait_for(self, text: str) -> str:
        assert self.process.stdout
        return next(line for line in self.process.stdout if text in line)

    def end(self, number: signal.Signals) -> tuple[int, str]:
        self.process.send_signal(number)
        _, errors = self.process.communicate(timeout=10)
        return self.process.returncode, errors


@pytest.fixture
def follower(stack: Stack) -> Iterator[Follower]:
    follower = Follower(stack)
    yield follower
    follower.end(signal.SIGTERM)


def join(stack: Stack, room_id: str, name: str) -> dict[str, Any]:
    peer = {"name": name, "role": "guest", "user_id": name}
    joined = requests.post(f"{stack.simulator}/_simulator/rooms/{room_id}/peers", json=peer, timeout=10)
    answer: dict[str, Any] = joined.json()
    return answer


@pytest.fixture
def room_id(stack: Stack) -> str:
    headers = {"Authorization": f"Bearer {stack.token}"}
    return str(requests.post(f"{stack.api}/rooms", json={}, headers=headers, timeout=30).json()["id"])


def test_a_peer_that_joins_is_on_the_bus_within_two_seconds(stack: Stack, room_id: str, follower: Follower) -> None:
    join(stack, room_id, "first")
    follower.wait_for('"first"')
    joined_at = time.monotonic()
    peer = join(stack, room_id, "second")
    time_, source, kind, detail = follower.wait_for('"second"').rstrip("\n").split("  ", 3)
    assert time.monotonic() - joined_at < 2
    assert (source, kind) == ("100ms", "peer.join.success")
    assert json.loads(detail)["data"]["peer_id"] == peer["id"]
    assert time_.endswith("Z")


def test_the_log_of_the_bus_has_the_ids_of_an_event_and_no_name(stack: Stack, room_id: str) -> None:
    peer = join(stack, room_id, "Grace Hopper")
    logs = boto3.Session("test", "test", region_name="us-east-1").client("logs", endpoint_url=stack.aws)
    (group,) = logs.describe_log_groups(logGroupNamePrefix="/aws/events/")["logGroups"]
    ends = time.monotonic() + 10
    lines: list[str] = []
    while not lines and time.monotonic() < ends:
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group["logGroupName"])
        everything = [event["message"] for page in pages for event in page["events"]]
        lines = [line for line in everything if f"peer={peer['id']}" in line]
    assert [f"room={room_id} " in line and "type=peer.join.success " in line for line in lines] == [True]
    assert all("Grace" not in line for line in everything)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_who_follows_the_bus_leaves_nothing_behind(stack: Stack, follower: Follower, number: signal.Signals) -> None:
    aws = boto3.Session("test", "test", region_name="us-east-1")
    events, sqs = aws.client("events", endpoint_url=stack.aws), aws.client("sqs", endpoint_url=stack.aws)

    def taps() -> int:
        rules = events.list_rules(EventBusName="EventBus", NamePrefix="follow-")["Rules"]
        return len(rules) + len(sqs.list_queues(QueueNamePrefix="follow-").get("QueueUrls", []))

    assert follower.greeting == "Following EventBus until Ctrl-C\n"
    assert taps() == 2
    assert follower.end(number) == (0, "")
    assert taps() == 0


def test_without_a_stack_to_follow_there_is_one_line(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    ended = subprocess.run(
        [sys.executable, "-m", "local.events"],
        cwd=ROOT,
        env=environment(AWS_PORT=port),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == f"no stack responds at http://127.0.0.1:{port}; start it with make run, or set AWS_PORT\n"


def test_the_simulator_as_new_still_sends_its_webhooks_to_the_api(stack: Stack, room_id: str) -> None:
    join(stack, room_id, "anyone")
    ends = time.monotonic() + 10
    tries: list[dict[str, Any]] = []
    while len(tries) < 2 and time.monotonic() < ends:
        tries = requests.get(f"{stack.simulator}/_simulator/deliveries", timeout=10).json()["deliveries"]
        time.sleep(0.05)
    assert {(attempt["url"], attempt["status"]) for attempt in tries} == {(f"{stack.api}/webhooks", 200)}

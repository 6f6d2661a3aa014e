"""Replays the archive of an event bus to a temporary rule and queue."""

import json
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    import boto3
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.literals import QueueAttributeNameType

SOURCE = "100ms"
TARGET = "queue"
WAIT_SECONDS = 10
KEEP_SECONDS = 3600
"""The queue drops webhooks after this time, so that none stays if the queue cannot be deleted."""
NEVER_AGAIN_SECONDS = 43_200
"""The longest visibility timeout of SQS. A received message does not come back before the queue is deleted."""
RUNNING = ("STARTING", "RUNNING")


class ArchiveError(Exception):
    """The archive cannot be replayed. The message gives the reason."""


class Archive:
    """The archive of an event bus.

    Args:
        session: the AWS session.
        bus: the name of the bus; "": the only custom bus, as in the local stack.
    """

    def __init__(self, session: "boto3.Session", bus: str) -> None:
        self._events: EventBridgeClient = session.client("events")
        self._sqs: SQSClient = session.client("sqs")
        self._bus = bus or self._only_bus()

    @contextmanager
    def replayed(self, start: datetime, end: datetime) -> Iterator["Replay"]:
        """Start a replay. Removes the replay, its rule and its queue when the context ends.

        Raises:
            ArchiveError: the bus has no archive, or the rule has no target.
        """
        bus_arn = self._events.describe_event_bus(Name=self._bus)["Arn"]
        archives = self._events.list_archives(EventSourceArn=bus_arn)["Archives"]
        if not archives:
            raise ArchiveError(f"the event bus {self._bus} has no archive")
        fullest = max(archives, key=lambda archive: archive.get("EventCount", 0))
        prefix = bus_arn.rpartition(":")[0]
        name = f"drift-{uuid.uuid4()}"
        rule_arn = f"{prefix}:rule/{self._bus}/{name}"
        queue_arn = f"{prefix.replace(':events:', ':sqs:')}:{name}"
        with ExitStack() as removals:
            # Each removal is registered before the creation, because a creation can succeed without a response.
            removals.callback(_remove, f"queue {name}", lambda: self._delete_queue(name))
            queue = self._sqs.create_queue(QueueName=name, Attributes=_queue_attributes(queue_arn, rule_arn))
            removals.callback(_remove, f"rule {name}", lambda: self._delete_rule(name))
            self._put_rule(name, queue_arn)
            removals.callback(_remove, f"replay {name}", lambda: self._cancel_replay(name))
            self._events.start_replay(
                ReplayName=name,
                EventSourceArn=f"{prefix}:archive/{fullest['ArchiveName']}",
                EventStartTime=start,
                EventEndTime=end,
                Destination={"Arn": bus_arn, "FilterArns": [rule_arn]},  # no other rule gets the events again
            )
            yield Replay(self._events, self._sqs, name, queue["QueueUrl"])

    def _only_bus(self) -> str:
        names = [bus["Name"] for bus in self._events.list_event_buses()["EventBuses"] if bus["Name"] != "default"]
        if len(names) != 1:
            raise ArchiveError(f"expected one custom event bus, found {len(names)}")
        return names[0]

    def _put_rule(self, name: str, queue_arn: str) -> None:
        """Create the rule. It matches webhooks of this replay only."""
        pattern = json.dumps({"source": [SOURCE], "replay-name": [name]})
        self._events.put_rule(Name=name, EventBusName=self._bus, EventPattern=pattern)
        targets = self._events.put_targets(
            Rule=name, EventBusName=self._bus, Targets=[{"Id": TARGET, "Arn": queue_arn}]
        )
        if targets["FailedEntryCount"]:
            raise ArchiveError(f"the rule has no target: {targets['FailedEntries'][0]['ErrorCode']}")

    def _delete_queue(self, name: str) -> None:
        with suppress(self._sqs.exceptions.QueueDoesNotExist):
            self._sqs.delete_queue(QueueUrl=self._sqs.get_queue_url(QueueName=name)["QueueUrl"])

    def _delete_rule(self, name: str) -> None:
        with suppress(self._events.exceptions.ResourceNotFoundException):
            self._events.remove_targets(Rule=name, EventBusName=self._bus, Ids=[TARGET])
            self._events.delete_rule(Name=name, EventBusName=self._bus)

    def _cancel_replay(self, name: str) -> None:
        """Cancel the replay if it runs. EventBridge itself removes replays that ended."""
        with suppress(self._events.exceptions.ResourceNotFoundException):
            if self._events.describe_replay(ReplayName=name)["State"] in RUNNING:
                self._events.cancel_replay(ReplayName=name)


class Replay:
    """A running replay.

    Args:
        events: the client of EventBridge.
        sqs: the client of SQS.
        name: the name of the replay.
        queue: the URL of the queue that gets the webhooks.
    """

    def __init__(self, events: "EventBridgeClient", sqs: "SQSClient", name: str, queue: str) -> None:
        self._events = events
        self._sqs = sqs
        self._name = name
        self._queue = queue

    def webhooks(self, max_webhooks: int, max_seconds: float) -> Iterator[dict[str, Any]]:
        """Yield the webhooks in no order, until all came or a limit is reached.

        Raises:
            ArchiveError: the replay failed.
        """
        deadline = time.monotonic() + max_seconds
        count = 0
        while True:
            replay = self._events.describe_replay(ReplayName=self._name)
            webhooks = self._receive()
            yield from webhooks[: max_webhooks - count]
            count += len(webhooks)
            if count >= max_webhooks or time.monotonic() > deadline:
                print("Stopped at the limit of webhooks or time; there may be more webhooks.", file=sys.stderr)
                return
            if replay["State"] not in RUNNING and not webhooks:
                break
        if replay["State"] != "COMPLETED":
            raise ArchiveError(f"the replay is {replay['State']}: {replay.get('StateReason', 'no reason given')}")

    def _receive(self) -> list[dict[str, Any]]:
        response = self._sqs.receive_message(QueueUrl=self._queue, MaxNumberOfMessages=10, WaitTimeSeconds=WAIT_SECONDS)
        return [json.loads(message["Body"])["detail"] for message in response.get("Messages", [])]


def _queue_attributes(queue_arn: str, rule_arn: str) -> dict["QueueAttributeNameType", str]:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue_arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": rule_arn}},
    }
    return {
        "Policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
        "SqsManagedSseEnabled": "true",
        "MessageRetentionPeriod": str(KEEP_SECONDS),
        "VisibilityTimeout": str(NEVER_AGAIN_SECONDS),
    }


def _remove(what: str, action: Callable[[], None]) -> None:
    """Remove something. Prints a failure, so that the other removals are still made."""
    try:
        action()
    except (BotoCoreError, ClientError) as error:
        print(f"Not removed: {what}: {error}", file=sys.stderr)

"""Shared by the tests of commands: batches of a queue, and the results on the bus."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.integration.stack import Stack
from tests.support.aws import session

Detail = dict[str, Any]


def batch(*messages: Any, first: int = 1, prefix: str = "message") -> dict[str, Any]:
    """Return an SQS event with these messages. Strings are bodies; other values become JSON bodies."""
    return {
        "Records": [
            {
                "messageId": f"{prefix}-{number}",
                "body": message if isinstance(message, str) else json.dumps(message),
                "eventSource": "aws:sqs",
            }
            for number, message in enumerate(messages, first)
        ]
    }


class Outcomes:
    """Collects the events of the commands function from the bus."""

    def __init__(self, sqs: Any, url: str) -> None:
        self._sqs = sqs
        self._url = url

    def take(self, wait_seconds: int = 0) -> list[tuple[str, Detail]]:
        """Return detail types and details of the events since the last call."""
        taken: list[tuple[str, Detail]] = []
        while messages := self._sqs.receive_message(
            QueueUrl=self._url, MaxNumberOfMessages=10, WaitTimeSeconds=0 if taken else wait_seconds
        ).get("Messages"):
            for message in messages:
                event = json.loads(message["Body"])
                taken.append((event["detail-type"], event["detail"]))
            entries = [{"Id": message["MessageId"], "ReceiptHandle": message["ReceiptHandle"]} for message in messages]
            self._sqs.delete_message_batch(QueueUrl=self._url, Entries=entries)
        return taken


@contextmanager
def outcomes_on_the_bus(stack: Stack, bus: str = "EventBus") -> Iterator[Outcomes]:
    """Subscribe a queue to the stack's bus, or to a temporary bus, while the context is open."""
    events = session().client("events", endpoint_url=stack.aws)
    sqs = session().client("sqs", endpoint_url=stack.aws)
    url = sqs.create_queue(QueueName="test-outcomes")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    own = bus != "EventBus"
    if own:
        events.create_event_bus(Name=bus)
    rule: Any = {"Name": "test-outcomes", "EventBusName": bus}
    events.put_rule(**rule, EventPattern=json.dumps({"source": ["hms"]}))
    events.put_targets(Rule=rule["Name"], EventBusName=bus, Targets=[{"Id": "queue", "Arn": arn}])
    try:
        yield Outcomes(sqs, url)
    finally:
        events.remove_targets(Rule=rule["Name"], EventBusName=bus, Ids=["queue"])
        events.delete_rule(**rule)
        if own:
            events.delete_event_bus(Name=bus)
        sqs.delete_queue(QueueUrl=url)

"""Local event source mappings: poll SQS queues and invoke functions with the messages, as Lambda does."""

import json
import logging
import time
from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from local.lambda_runtime import LambdaRuntime
from local.limits.table import LAMBDA_REQUEST

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

POLL_SECONDS = 1
MAX_MESSAGES = 10
"""The most messages that SQS returns in one response."""

LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EventSourceMapping:
    """Connects a queue to a function.

    Attributes:
        function: logical ID of the function.
        queue: name of the queue.
        batch_size: maximum number of messages per invocation.
        window_seconds: how long to wait for more messages after the first one.
        reports_item_failures: whether the function returns the failed messages. If not, one failure fails the batch.
    """

    function: str
    queue: str
    batch_size: int = 10
    window_seconds: int = 0
    reports_item_failures: bool = False


@contextmanager
def running_event_source_mappings(
    mappings: Iterable[EventSourceMapping], sqs: "SQSClient", runner: LambdaRuntime
) -> Iterator[None]:
    """Poll the queues while the context is open. Closing it stops the functions and abandons running batches."""
    stopping = Event()
    threads = [Thread(target=_Poller(mapping, sqs, runner, stopping).run, daemon=True) for mapping in mappings]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopping.set()
        for thread in threads:
            while thread.is_alive():
                runner.stop()
                thread.join(0.1)


class _Poller:
    """Processes batches of one queue in sequence. Failed messages stay in the queue until they are visible again."""

    def __init__(self, mapping: EventSourceMapping, sqs: "SQSClient", runner: LambdaRuntime, stopping: Event) -> None:
        self._mapping = mapping
        self._sqs = sqs
        self._runner = runner
        self._stopping = stopping
        self._url = sqs.get_queue_url(QueueName=mapping.queue)["QueueUrl"]
        attributes = sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])["Attributes"]
        self._arn = attributes["QueueArn"]

    def run(self) -> None:
        """Poll until the stack stops."""
        while not self._stopping.is_set():
            for part in self._split(self._next_batch()):
                if not self._stopping.is_set():
                    self._invoke(part)

    def _next_batch(self) -> "list[MessageTypeDef]":
        batch = self._receive(self._mapping.batch_size, POLL_SECONDS)
        deadline = time.monotonic() + self._mapping.window_seconds
        while batch and len(batch) < self._mapping.batch_size and time.monotonic() < deadline:
            batch += self._receive(self._mapping.batch_size - len(batch), POLL_SECONDS)
        return batch

    def _receive(self, max_messages: int, wait_seconds: int) -> "list[MessageTypeDef]":
        answer = self._sqs.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=min(max_messages, MAX_MESSAGES),
            WaitTimeSeconds=wait_seconds,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        return answer.get("Messages", [])

    def _split(self, batch: "list[MessageTypeDef]") -> "Iterator[list[MessageTypeDef]]":
        """Split the batch into parts that fit Lambda's event size."""
        part: list[MessageTypeDef] = []
        for message in batch:
            if part and len(self._event([*part, message]).encode()) > LAMBDA_REQUEST.value:
                yield part
                part = []
            part.append(message)
        if part:
            yield part

    def _event(self, batch: "list[MessageTypeDef]") -> str:
        return json.dumps({"Records": [self._record(message) for message in batch]}, ensure_ascii=False)

    def _invoke(self, batch: "list[MessageTypeDef]") -> None:
        event = self._event(batch)
        answer = self._runner.call(self._mapping.function, event)
        failed_ids = _failed_message_ids(
            answer, {message["MessageId"] for message in batch}, self._mapping.reports_item_failures
        )
        if failed_ids:
            LOG.error("%s: %d of %d messages failed", self._mapping.function, len(failed_ids), len(batch))
        for message in batch:
            if message["MessageId"] not in failed_ids:
                self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])

    def _record(self, message: "MessageTypeDef") -> dict[str, Any]:
        attributes = message.get("MessageAttributes", {})
        return {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": message["Attributes"],
            "messageAttributes": {name: _message_attribute(value) for name, value in attributes.items()},
            "md5OfBody": message["MD5OfBody"],
            "eventSource": "aws:sqs",
            "eventSourceARN": self._arn,
            "awsRegion": self._sqs.meta.region_name,
        }


def _message_attribute(attribute: Any) -> dict[str, Any]:
    """Convert a message attribute from SQS's format to that of Lambda events."""
    encoded = {
        name: b64encode(value).decode() if isinstance(value, bytes) else value for name, value in attribute.items()
    }
    return {name[0].lower() + name[1:]: encoded_value for name, encoded_value in encoded.items()}


def _failed_message_ids(answer: str, messages: set[str], reports_item_failures: bool) -> set[str]:
    """Return the IDs of the messages to retry: all if the function failed or its report is invalid."""
    result = json.loads(answer)
    if isinstance(result, dict) and "errorType" in result:
        return messages
    if not reports_item_failures or not result:
        return set()
    try:
        failed_ids = {failure["itemIdentifier"] for failure in result["batchItemFailures"] or ()}
    except (KeyError, TypeError):
        return messages
    return messages if failed_ids - messages else failed_ids

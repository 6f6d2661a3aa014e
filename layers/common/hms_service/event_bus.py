"""Publishes events on an EventBridge bus, one at a time, and raises an error if an event is not accepted."""

from datetime import datetime
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING

from hms.errors import EventTooLargeError, PublishError
from hms.http import deadline
from hms.http.backoff import RetryPolicy

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_events.type_defs import PutEventsRequestEntryTypeDef

MAX_ENTRY_BYTES = 1024 * 1024 - 1
TIME_BYTES = 14
CONNECT_TIMEOUT_SECONDS = 1.0
READ_TIMEOUT_SECONDS = 2.0
RETRY_POLICY = RetryPolicy(
    max_attempts=3, base_seconds=0.2, attempt_seconds=CONNECT_TIMEOUT_SECONDS + READ_TIMEOUT_SECONDS
)


class EventBus:
    """An event bus.

    Args:
        name: name or ARN of the bus.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def publish(self, source: str, detail_type: str, detail: str, *, time: datetime | None = None) -> None:
        """Publish one event.

        Makes up to three attempts while time remains. If a response is lost, EventBridge may have accepted the event,
        and a retry can publish it twice.

        Args:
            source: source of the event.
            detail_type: type of the event, at most 128 characters. EventBridge silently drops longer types.
            detail: a JSON object, encoded.
            time: time of the event; default: now.

        Raises:
            EventTooLargeError: The event is 1 MiB or larger, or over EventBridge's limit in the region.
            PublishError: EventBridge did not confirm the event.

        https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
        """
        size = sum(len(text.encode()) for text in (source, detail_type, detail)) + (TIME_BYTES if time else 0)
        if size > MAX_ENTRY_BYTES:
            raise EventTooLargeError(reason=f"the event has {size} bytes")
        if not self._name:
            raise PublishError(reason="HMS_EVENT_BUS is not set")
        entry: PutEventsRequestEntryTypeDef = {
            "EventBusName": self._name,
            "Source": source,
            "DetailType": detail_type,
            "Detail": detail,
        }
        if time:
            entry["Time"] = time
        if deadline.remaining_seconds() < RETRY_POLICY.attempt_seconds:
            raise PublishError(reason="EventBridge: no time left")
        for attempts in count(1):
            problem = self._put_entry(entry)
            if not problem:
                return
            if not RETRY_POLICY.wait(attempts):
                raise PublishError(reason=f"EventBridge: {problem}")

    def _put_entry(self, entry: "PutEventsRequestEntryTypeDef") -> str:
        """Send the entry. Return the error code, or "" if EventBridge accepted it."""
        from botocore.exceptions import BotoCoreError, ClientError, ReadTimeoutError

        try:
            response = self._client.put_events(Entries=[entry])
        except ReadTimeoutError:
            raise PublishError(reason="EventBridge: no response in time") from None
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code == "413" or (code == "ValidationException" and "size" in error.response["Error"]["Message"]):
                raise EventTooLargeError(reason=f"EventBridge: {code}") from None
            return code
        except BotoCoreError as error:
            return type(error).__name__
        entries = response.get("Entries")
        return entries[0].get("ErrorCode", "") if entries else "the response has no entries"

    @cached_property
    def _client(self) -> "EventBridgeClient":
        import boto3
        from botocore.config import Config

        config = Config(
            connect_timeout=CONNECT_TIMEOUT_SECONDS,
            read_timeout=READ_TIMEOUT_SECONDS,
            retries={"total_max_attempts": 1},
        )
        return boto3.client("events", config=config)

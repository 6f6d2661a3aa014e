"""`python -m local.events`: print the events on the bus of the running local stack, one per line, until Ctrl-C."""

import json
import os
import signal
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from botocore.config import Config
from botocore.exceptions import EndpointConnectionError, HTTPClientError

from local.aws import local_session
from local.settings import HOST, Settings, StartupError

MATCH_ALL_PATTERN = json.dumps({"source": [{"prefix": ""}]})
POLL_SECONDS = 1
NO_RETRIES = Config(proxies={}, retries={"total_max_attempts": 1})

Event = dict[str, Any]


class EventBus:
    """The event bus of a local stack.

    Args:
        endpoint: URL of the stack's AWS services.
        region: AWS region of the stack.
    """

    def __init__(self, endpoint: str, region: str) -> None:
        self._endpoint = endpoint
        self._events = local_session(region).client("events", endpoint_url=endpoint, config=NO_RETRIES)
        self._sqs = local_session(region).client("sqs", endpoint_url=endpoint, config=NO_RETRIES)

    @property
    def name(self) -> str:
        """Name of the bus in the template.

        Raises:
            StartupError: no stack is running.
        """
        try:
            buses = self._events.list_event_buses()["EventBuses"]
        except EndpointConnectionError:
            raise StartupError(
                f"no stack responds at {self._endpoint}; start it with make run, or set AWS_PORT"
            ) from None
        (name,) = (bus["Name"] for bus in buses if bus["Name"] != "default")
        return name

    @contextmanager
    def follow(self) -> Iterator[Callable[[], list[Event]]]:
        """Subscribe to the bus while the context is open. Yields a function that waits up to 1 s for new events."""
        name, bus = f"follow-{uuid.uuid4()}", self.name
        with ExitStack() as exits:
            queue = self._sqs.create_queue(QueueName=name)["QueueUrl"]
            exits.callback(self._sqs.delete_queue, QueueUrl=queue)
            attributes = self._sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]
            self._events.put_rule(Name=name, EventBusName=bus, EventPattern=MATCH_ALL_PATTERN)
            exits.callback(self._events.delete_rule, Name=name, EventBusName=bus)
            target = {"Id": name, "Arn": attributes["QueueArn"]}
            self._events.put_targets(Rule=name, EventBusName=bus, Targets=[target])  # type: ignore[list-item]
            exits.callback(self._events.remove_targets, Rule=name, EventBusName=bus, Ids=[name])
            yield lambda: self._receive(queue)

    def _receive(self, queue: str) -> list[Event]:
        answer = self._sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=POLL_SECONDS)
        messages = answer.get("Messages", [])
        for message in messages:
            self._sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return [json.loads(message["Body"]) for message in messages]


def main() -> None:
    """Print events until Ctrl-C. Exits with one line on standard error if no stack is running."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        settings = Settings.from_environment(os.environ)
        bus = EventBus(f"http://{HOST}:{settings.aws_port}", settings.region)
        with bus.follow() as receive:
            print(f"Following {bus.name} until Ctrl-C", file=sys.stderr, flush=True)
            while True:
                for event in receive():
                    print(_line(event), flush=True)
    except StartupError as error:
        sys.exit(str(error))
    except (EndpointConnectionError, HTTPClientError):
        sys.exit("the local stack has stopped")
    except KeyboardInterrupt:
        sys.exit()


def _line(event: Event) -> str:
    return f"{event['time']}  {event['source']}  {event['detail-type']}  {json.dumps(event['detail'])}"


if __name__ == "__main__":
    main()

"""`python -m local.events`: follow the bus of the running local stack, one line an event, until Ctrl-C."""

import json
import os
import signal
import sys
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from botocore.config import Config
from botocore.exceptions import EndpointConnectionError, HTTPClientError

from local.aws import session
from local.settings import HOST, CannotStart, Settings

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_sqs import SQSClient

EVERYTHING = json.dumps({"source": [{"prefix": ""}]})
POLL_SECONDS = 1
AT_ONCE = Config(proxies={}, retries={"total_max_attempts": 1})


def main() -> None:
    """Print the events that come; one line says why if there is no stack to follow."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        settings = Settings.from_environment(os.environ)
        endpoint = f"http://{HOST}:{settings.aws_port}"
        events = session(settings.region).client("events", endpoint_url=endpoint, config=AT_ONCE)
        sqs = session(settings.region).client("sqs", endpoint_url=endpoint, config=AT_ONCE)
        bus = _custom_bus(events, endpoint)
        with _tap(events, sqs, bus) as queue:
            print(f"Following {bus} until Ctrl-C", file=sys.stderr, flush=True)
            for event in _received(sqs, queue):
                print(_line(event), flush=True)
    except CannotStart as problem:
        sys.exit(str(problem))
    except (EndpointConnectionError, HTTPClientError):
        sys.exit("the local stack ended")
    except KeyboardInterrupt:
        sys.exit()


def _custom_bus(events: "EventBridgeClient", endpoint: str) -> str:
    try:
        buses = events.list_event_buses()["EventBuses"]
    except EndpointConnectionError:
        raise CannotStart(f"nothing answers at {endpoint}; start the local stack, or set AWS_PORT") from None
    (bus,) = (bus["Name"] for bus in buses if bus["Name"] != "default")
    return bus


@contextmanager
def _tap(events: "EventBridgeClient", sqs: "SQSClient", bus: str) -> Iterator[str]:
    """The URL of a queue that gets all events of the bus while the context lasts."""
    name = f"follow-{uuid.uuid4()}"
    with ExitStack() as exits:
        queue = sqs.create_queue(QueueName=name)["QueueUrl"]
        exits.callback(sqs.delete_queue, QueueUrl=queue)
        arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        events.put_rule(Name=name, EventBusName=bus, EventPattern=EVERYTHING)
        exits.callback(events.delete_rule, Name=name, EventBusName=bus)
        events.put_targets(Rule=name, EventBusName=bus, Targets=[{"Id": name, "Arn": arn}])
        exits.callback(events.remove_targets, Rule=name, EventBusName=bus, Ids=[name])
        yield queue


def _received(sqs: "SQSClient", queue: str) -> Iterator[dict[str, Any]]:
    while True:
        answer = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=POLL_SECONDS)
        for message in answer.get("Messages", []):
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
            yield json.loads(message["Body"])


def _line(event: dict[str, Any]) -> str:
    return f"{event['time']}  {event['source']}  {event['detail-type']}  {json.dumps(event['detail'])}"


if __name__ == "__main__":
    main()

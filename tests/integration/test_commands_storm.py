"""500 commands while 100ms fails and workers crash: no command runs twice, and none is lost."""

import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from threading import Event, Thread
from typing import Any

import pytest

from tests.integration.stack import Stack, free_ports
from tests.support.aws import functions_environment, session
from tests.support.commands import outcomes_on_the_bus
from tests.support.commands_worker import Worker
from tests.support.servers import Received, Step, answer, hang_up, serve, then_hang_up

COMMANDS = 500
BUS = "storm"
"""A bus without archive and log, which are slow."""
WORKERS = 4
A_SECOND = 11_500
"""Remaining time of the function that leaves a command about 1 second, in milliseconds."""
VISIBILITY_SECONDS = 2
DEATHS = 0.04
"""Share of the batches during which a worker is killed."""
FATES = {"taken": 66, "429": 10, "500 before": 6, "500 after": 6, "broken": 6, "silent": 3, "404": 3}


class Flaky100ms:
    """A 100ms that creates rooms, fails or does not respond. It counts how often it created each room."""

    def __init__(self) -> None:
        self.acted: Counter[str] = Counter()
        self._random = random.Random(1)
        self._port = free_ports(1)[0]
        self._stopping = Event()
        self.url = f"http://127.0.0.1:{self._port}"

    def __enter__(self) -> "Flaky100ms":
        self._thread = Thread(target=self._run)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        """Serve, and refuse connections for 0.7 s every 4 s."""
        while not self._stopping.is_set():
            with serve(respond=self._meet_fate, port=self._port):
                self._stopping.wait(4)
            self._stopping.wait(0.7)

    def _meet_fate(self, request: Received) -> Step:
        name = json.loads(request.body)["name"]
        fate = "429" if name.startswith("never") else self._random.choices(list(FATES), list(FATES.values()))[0]
        if fate in ("taken", "500 after", "broken", "silent"):
            self.acted[name] += 1
        if fate == "silent":
            return then_hang_up(lambda _: time.sleep(2))
        if fate == "broken":
            return hang_up
        status = {"taken": 200, "429": 429, "404": 404}.get(fate, 500)
        body = json.dumps({"code": status, "message": f"status {status}"}).encode()
        return then_hang_up(answer(status, body, retry_after="60", connection="close"))


class Queue:
    """An SQS queue with a dead-letter queue, polled as Lambda does."""

    def __init__(self, stack: Stack) -> None:
        self._sqs: Any = session().client("sqs", endpoint_url=stack.aws)
        self._dead = self._sqs.create_queue(QueueName="storm-dead")["QueueUrl"]
        dead = self._sqs.get_queue_attributes(QueueUrl=self._dead, AttributeNames=["QueueArn"])["Attributes"]
        redrive = json.dumps({"deadLetterTargetArn": dead["QueueArn"], "maxReceiveCount": "5"})
        attributes: Any = {"RedrivePolicy": redrive, "VisibilityTimeout": str(VISIBILITY_SECONDS)}
        self._url = self._sqs.create_queue(QueueName="storm", Attributes=attributes)["QueueUrl"]

    def send(self, messages: list[Any]) -> None:
        entries = [{"Id": str(number), "MessageBody": json.dumps(message)} for number, message in enumerate(messages)]
        self._sqs.send_message_batch(QueueUrl=self._url, Entries=entries)

    def feed(self, worker: Worker, deaths: random.Random, all_sent: Event) -> None:
        """Send batches of four to the worker until the queue is empty. The worker is killed during some of them."""
        while True:
            messages = self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=4).get("Messages", [])
            if not messages:
                if all_sent.is_set() and self.depth() == 0:
                    return
                time.sleep(0.2)
                continue
            records = [
                {"messageId": message["MessageId"], "body": message["Body"], "eventSource": "aws:sqs"}
                for message in messages
            ]
            try:
                response = worker.handle({"Records": records}, 0.05 if deaths.random() < DEATHS else None)
            except EOFError:
                continue
            failed = {failure["itemIdentifier"] for failure in response["batchItemFailures"]}
            done = [message for message in messages if message["MessageId"] not in failed]
            if done:
                entries = [{"Id": item["MessageId"], "ReceiptHandle": item["ReceiptHandle"]} for item in done]
                self._sqs.delete_message_batch(QueueUrl=self._url, Entries=entries)

    def depth(self) -> int:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        attributes = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=names)["Attributes"]
        return sum(int(attributes[name]) for name in names)

    def dead_letters(self) -> Iterator[Any]:
        while messages := self._sqs.receive_message(QueueUrl=self._dead, MaxNumberOfMessages=10).get("Messages"):
            yield from (json.loads(message["Body"]) for message in messages)


def command(number: int) -> dict[str, Any]:
    """Return a command that creates a room. Every 50th has an invalid name; every 100th always fails."""
    name = f"never-{number}" if number % 100 == 1 else f"room {number}" if number % 50 == 0 else f"room-{number}"
    return {"id": f"storm-{number}", "operation": "rooms.create", "arguments": {"body": {"name": name}}}


@pytest.mark.storm
@pytest.mark.timeout(180)
def test_no_command_runs_twice_and_each_has_a_result_or_a_dead_letter(running_stack: Stack) -> None:
    commands = [command(number) for number in range(COMMANDS)]
    name_of = {command["id"]: command["arguments"]["body"]["name"] for command in commands}
    sent = commands + commands[::10]
    random.Random(2).shuffle(sent)
    with (
        Flaky100ms() as upstream,
        functions_environment(running_stack) as patch,
        outcomes_on_the_bus(running_stack, BUS) as outcomes,
    ):
        patch.setenv("HMS_API_URL", f"{upstream.url}/v2")
        patch.setenv("HMS_IDEMPOTENCY_TABLE", "IdempotencyTable")
        patch.setenv("HMS_EVENT_BUS", BUS)
        queue, all_sent, results = Queue(running_stack), Event(), defaultdict(list)
        workers = [Worker(A_SECOND) for _ in range(WORKERS)]
        feeders = [
            Thread(target=queue.feed, args=(worker, random.Random(number), all_sent), daemon=True)
            for number, worker in enumerate(workers)
        ]
        for feeder in feeders:
            feeder.start()
        while any(feeder.is_alive() for feeder in feeders):
            if sent and queue.depth() < 4 * WORKERS:
                queue.send([sent.pop() for _ in range(min(10, len(sent)))])
            if not sent:
                all_sent.set()
                time.sleep(0.2)
            for kind, detail in outcomes.take():
                results[detail["id"]].append((kind, detail.get("outcome_unknown", False), detail.get("error")))
        for worker in workers:
            worker.end()
    dead = {letter["id"] for letter in queue.dead_letters()}

    assert max(upstream.acted.values()) == 1
    assert results.keys() | dead == name_of.keys()
    for value, ends in results.items():
        assert len(set(ends)) == 1, (value, ends)
        kind, is_unknown, error = ends[0]
        assert (kind == "command.succeeded") is (error is None)
        if not is_unknown:
            assert upstream.acted[name_of[value]] == (kind == "command.succeeded"), value
    assert {value for value, name in name_of.items() if name.startswith("never")} <= dead
    ends_of = Counter(ends[0][:2] for ends in results.values())
    assert ends_of.keys() == {("command.succeeded", False), ("command.failed", False), ("command.failed", True)}

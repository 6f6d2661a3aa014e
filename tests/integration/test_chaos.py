"""Containers that are killed at every step of processing an event: the guarantees that still hold."""

import json
import secrets
import socket
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import pytest

from tests.support.attendance import closed, joined, left, opened
from tests.support.aws import Aws, running_aws
from tests.support.aws_fault_proxy import AwsFaultProxy, running_aws_fault_proxy
from tests.support.commands import batch
from tests.support.servers import ScriptedServer, answer, serve
from tests.support.workers import Worker

pytestmark = [pytest.mark.storm, pytest.mark.timeout(120)]

WEBHOOK_SECRET = secrets.token_hex(16)
CREATED = answer(200, b'{"id": "a-room"}')
COMMANDS_MILLISECONDS = 120_000
ABANDONED_SECONDS = 121


class Moment(NamedTuple):
    """The moment at which a container is killed.

    Attributes:
        call: the AWS call, by the end of its `x-amz-target`.
        is_done: True to kill it after the call, False before.
        number: which of these calls, from 1.
    """

    call: str
    is_done: bool
    number: int = 1


@pytest.fixture(scope="module")
def aws() -> Iterator[Aws]:
    with running_aws() as running:
        for name in ("access_key", "secret"):
            running.put_secret(f"/hms/{name}", secrets.token_hex(32))
        running.put_secret("/hms/webhook_secret", WEBHOOK_SECRET)
        yield running


@pytest.fixture
def aws_fault_proxy(aws: Aws) -> Iterator[AwsFaultProxy]:
    aws.take_events()
    with running_aws_fault_proxy(aws.url) as aws_fault_proxy:
        yield aws_fault_proxy


@pytest.fixture
def upstream() -> Iterator[ScriptedServer]:
    with serve(CREATED) as running:
        yield running


class Containers:
    """The containers of a function, one at a time."""

    def __init__(self, folder: str, environment: dict[str, str], aws_fault_proxy: AwsFaultProxy) -> None:
        self._folder, self._environment, self._aws_fault_proxy = folder, environment, aws_fault_proxy
        self._worker: Worker | None = None

    @property
    def worker(self) -> Worker:
        """The running container."""
        self._worker = self._worker or Worker(self._folder, self._environment)
        return self._worker

    def invoke(self, event: Any, milliseconds: int = 8_000) -> dict[str, Any]:
        """Return the function's response."""
        return self.worker(event, milliseconds)

    def die_at(self, moment: Moment, event: Any, milliseconds: int = 8_000) -> None:
        """Invoke the function and kill its container at the moment."""
        seen: Counter[tuple[str, bool]] = Counter()

        def watch(target: str, is_done: bool) -> bool:
            call = target.rpartition(".")[2]
            seen[call, is_done] += 1
            is_now = (call, is_done, seen[call, is_done]) == moment
            if is_now:
                self.end()
            return is_now

        self._aws_fault_proxy.watcher = watch
        with pytest.raises((EOFError, ConnectionResetError)):
            self.worker(event, milliseconds)
        self.forget()

    def forget(self) -> None:
        """Start a new container."""
        self._aws_fault_proxy.watcher = lambda _, __: False
        self._worker = None

    def end(self) -> None:
        """Kill the running container."""
        if self._worker:
            self._worker.end()


@contextmanager
def containers(folder: str, aws: Aws, aws_fault_proxy: AwsFaultProxy, upstream: ScriptedServer) -> Iterator[Containers]:
    urls = {"AWS_ENDPOINT_URL": aws_fault_proxy.url, "HMS_API_URL": f"{upstream.url}/v2"}
    running = Containers(folder, {**aws.environment, **urls, "POWERTOOLS_METRICS_DISABLED": "true"}, aws_fault_proxy)
    try:
        yield running
    finally:
        running.end()


@pytest.fixture
def webhooks(aws: Aws, aws_fault_proxy: AwsFaultProxy, upstream: ScriptedServer) -> Iterator[Containers]:
    with containers("webhooks", aws, aws_fault_proxy, upstream) as running:
        yield running


@pytest.fixture
def commands(aws: Aws, aws_fault_proxy: AwsFaultProxy, upstream: ScriptedServer) -> Iterator[Containers]:
    with containers("commands", aws, aws_fault_proxy, upstream) as running:
        yield running


@pytest.fixture
def keeper(aws: Aws, aws_fault_proxy: AwsFaultProxy, upstream: ScriptedServer) -> Iterator[Containers]:
    with containers("attendance_keeper", aws, aws_fault_proxy, upstream) as running:
        yield running


def webhook() -> dict[str, Any]:
    body = {"version": "2.0", "id": str(uuid.uuid4()), "type": "peer.join.success", "data": {"n": 1}}
    headers = {"content-type": "application/json", "x-webhook-secret": WEBHOOK_SECRET}
    http = {"method": "POST", "path": "/webhooks"}
    request = {"http": http, "requestId": "request-1", "stage": "$default"}
    event = {"version": "2.0", "rawPath": "/webhooks", "rawQueryString": "", "headers": headers}
    return {**event, "requestContext": request, "body": json.dumps(body), "isBase64Encoded": False}


def age(aws: Aws, seconds: int) -> None:
    """Age the records in progress by a number of seconds."""
    for item in aws.table.scan()["Items"]:
        if item["status"] == "INPROGRESS":
            later = {"expiration": int(str(item["expiration"])) - seconds}
            if "in_progress_expiration" in item:
                later["in_progress_expiration"] = int(str(item["in_progress_expiration"])) - seconds * 1000
            aws.table.put_item(Item={**item, **later})


@pytest.mark.parametrize(
    ("moment", "published", "again"),
    [
        pytest.param(Moment("PutItem", is_done=False), 1, [200], id="before the id is noted"),
        pytest.param(Moment("PutItem", is_done=True), 1, [503, 200], id="when the id is noted"),
        pytest.param(Moment("PutEvents", is_done=False), 1, [503, 200], id="before it is published"),
        pytest.param(Moment("PutEvents", is_done=True), 2, [503, 200], id="between publish and mark"),
        pytest.param(Moment("UpdateItem", is_done=False), 2, [503, 200], id="before it is marked"),
        pytest.param(Moment("UpdateItem", is_done=True), 1, [200], id="between mark and answer"),
    ],
)
def test_a_webhook_is_published_twice_only_after_a_crash_before_its_mark(
    webhooks: Containers, aws: Aws, moment: Moment, published: int, again: list[int]
) -> None:
    sent = webhook()
    webhooks.die_at(moment, sent)
    statuses = [webhooks.invoke(sent)["statusCode"]]
    if statuses == [503]:
        age(aws, 8)
        statuses.append(webhooks.invoke(sent)["statusCode"])
    assert statuses == again
    events = aws.take_events()
    assert [event["detail"] for event in events] == [json.loads(sent["body"])] * published
    assert webhooks.invoke(sent)["statusCode"] == 200
    assert aws.take_events() == []


def create(name: str) -> dict[str, Any]:
    return {"operation": "rooms.create", "arguments": {"body": {"name": name}}}


def outcomes(aws: Aws) -> list[tuple[str, str, bool]]:
    """Return the command events on the bus: detail type, ID, and whether the result is unknown."""
    events = aws.take_events()
    return [
        (event["detail-type"], event["detail"]["id"], bool(event["detail"].get("outcome_unknown"))) for event in events
    ]


@pytest.mark.parametrize(
    ("moment", "sent", "is_waiting", "unknown_outcomes"),
    [
        pytest.param(Moment("PutItem", is_done=False), 1, False, [False], id="before the id is noted"),
        pytest.param(Moment("PutItem", is_done=True), 0, True, [True], id="before 100ms is asked"),
        pytest.param(Moment("UpdateItem", is_done=False), 1, True, [True], id="between success and note"),
        pytest.param(Moment("UpdateItem", is_done=True), 1, False, [False], id="between note and outcome"),
        pytest.param(Moment("PutEvents", is_done=False), 1, False, [False], id="before the outcome is published"),
        pytest.param(Moment("PutEvents", is_done=True), 1, False, [False, False], id="before the acknowledgement"),
    ],
)
def test_a_command_is_sent_at_most_once_and_published_at_least_once(
    commands: Containers,
    aws: Aws,
    upstream: ScriptedServer,
    moment: Moment,
    sent: int,
    is_waiting: bool,
    unknown_outcomes: list[bool],
) -> None:
    name = uuid.uuid4().hex
    event = batch(create(name), prefix=name)
    commands.die_at(moment, event, COMMANDS_MILLISECONDS)
    failures = commands.invoke(event, COMMANDS_MILLISECONDS)["batchItemFailures"]
    assert bool(failures) is is_waiting
    if failures:
        age(aws, ABANDONED_SECONDS)
        assert commands.invoke(event, COMMANDS_MILLISECONDS) == {"batchItemFailures": []}
    assert len(upstream.requests) == sent
    assert outcomes(aws) == [
        ("command.failed" if is_unknown else "command.succeeded", f"{name}-1", is_unknown)
        for is_unknown in unknown_outcomes
    ]


def test_after_a_crash_in_a_batch_nothing_is_lost_and_nothing_runs_twice(
    commands: Containers, aws: Aws, upstream: ScriptedServer
) -> None:
    name = uuid.uuid4().hex
    event = batch(create("first"), create("second"), create("third"), prefix=name)

    def die(_: socket.socket) -> None:
        commands.end()

    upstream.script[:] = [CREATED, die, CREATED]
    with pytest.raises((EOFError, ConnectionResetError)):
        commands.invoke(event, COMMANDS_MILLISECONDS)
    commands.forget()
    waiting = commands.invoke(event, COMMANDS_MILLISECONDS)["batchItemFailures"]
    assert waiting == [{"itemIdentifier": f"{name}-2"}]
    age(aws, ABANDONED_SECONDS)
    assert commands.invoke(event, COMMANDS_MILLISECONDS) == {"batchItemFailures": []}
    names = [json.loads(request.body)["name"] for request in upstream.requests]
    assert sorted(names) == ["first", "second", "third"]
    published = set(outcomes(aws))
    assert published == {
        ("command.succeeded", f"{name}-1", False),
        ("command.failed", f"{name}-2", True),
        ("command.succeeded", f"{name}-3", False),
    }


@pytest.mark.parametrize("number", [1, 2, 4])
@pytest.mark.parametrize("is_done", [False, True], ids=["before it is kept", "when it is kept"])
def test_attendance_is_the_same_wherever_the_keeper_dies(
    keeper: Containers, aws: Aws, number: int, is_done: bool
) -> None:
    kept = []
    for dies in (False, True):
        session_id = str(uuid.uuid4())
        bodies = [
            opened(session_id),
            joined(session_id, "a-peer", 1),
            left(session_id, "a-peer", 1, 60),
            closed(session_id, 90),
        ]
        records = [{"messageId": str(at), "body": json.dumps({"detail": body})} for at, body in enumerate(bodies)]
        event = {"Records": records}
        if dies:
            keeper.die_at(Moment("PutItem", is_done, number), event)
        assert keeper.invoke(event) == {"batchItemFailures": []}
        kept.append(facts(aws, session_id))
    assert len(kept[0]) == 4
    assert kept[0] == kept[1]


def facts(aws: Aws, session_id: str) -> list[dict[str, Any]]:
    """Return the session's items without the session's ID."""
    found = [item for item in aws.attendance.scan()["Items"] if item["session_id"] == session_id]
    items = [{name: value for name, value in item.items() if name not in ("session_id", "told_at")} for item in found]
    return sorted(items, key=lambda item: str(item["fact"]))

"""Commands run once, their results are published on the bus, and commands that did not run are retried."""

import io
import json
import logging
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import boto3
import pytest
import requests
from aws_lambda_powertools import Logger

from hms.client import HmsClient
from hms.http import deadline
from hms.requester import Requester
from hms.types import Response
from hms_service.commands.runner import CommandRunner
from hms_service.event_bus import EventBus
from hms_service.http.idempotency import Idempotency
from hms_service.observability.metrics import MetricsRecorder
from tests.http_api import ROOT
from tests.integration.stack import Stack, free_ports
from tests.support.aws import functions_environment, session
from tests.support.commands import Outcomes, batch, outcomes_on_the_bus
from tests.support.functions import load
from tests.support.lambda_context import Context
from tests.support.servers import (
    ScriptedServer,
    Step,
    answer,
    hang_up,
    raw,
    serve,
    stay_silent,
    then_hang_up,
)

ROOM = "627cda81ab4f3b56a077dc33"
CREATED = answer(200, b'{"id": "r1"}')
A_SECOND = 11_500
"""Remaining time of the function that leaves a command about 1 second, in milliseconds."""


@pytest.fixture(scope="module")
def peer() -> Iterator[ScriptedServer]:
    with serve(CREATED) as peer:
        yield peer


@pytest.fixture
def upstream(peer: ScriptedServer) -> ScriptedServer:
    peer.script[:] = [CREATED]
    peer.requests.clear()
    return peer


@pytest.fixture(scope="module")
def environment(running_stack: Stack, peer: ScriptedServer) -> Iterator[pytest.MonkeyPatch]:
    with functions_environment(running_stack) as patch:
        patch.setenv("HMS_API_URL", f"{peer.url}/v2")
        patch.setenv("HMS_IDEMPOTENCY_TABLE", "IdempotencyTable")
        patch.setenv("HMS_EVENT_BUS", "EventBus")
        yield patch


@pytest.fixture(scope="module")
def followed_bus(running_stack: Stack) -> Iterator[Outcomes]:
    with outcomes_on_the_bus(running_stack) as outcomes:
        yield outcomes


@pytest.fixture
def outcomes(followed_bus: Outcomes) -> Outcomes:
    followed_bus.take()
    return followed_bus


class Service:
    """The commands function, and the IDs of one test."""

    def __init__(self, name: str) -> None:
        self.module = load("commands")
        self.name = name

    def deliver(self, *messages: Any, first: int = 1, milliseconds: int = 120_000) -> list[str]:
        """Return the indexes of the messages to retry."""
        event = batch(*messages, first=first, prefix=self.name)
        response = self.module.handler(event, Context(milliseconds))
        return [failure["itemIdentifier"].rpartition("-")[2] for failure in response["batchItemFailures"]]


@pytest.fixture(scope="module")
def loaded(environment: pytest.MonkeyPatch) -> Service:
    return Service("")


@pytest.fixture
def service(loaded: Service, request: pytest.FixtureRequest, upstream: ScriptedServer) -> Service:
    loaded.name = "".join(item if item.isalnum() else "-" for item in request.node.name)[:200]
    return loaded


def create(name: str = "town-hall", **members: Any) -> dict[str, Any]:
    return {"operation": "rooms.create", "arguments": {"body": {"name": name}}, **members}


def read(**members: Any) -> dict[str, Any]:
    return {"operation": "rooms.retrieve", "arguments": {"room_id": ROOM}, **members}


def test_a_command_is_sent_and_its_answer_published(
    service: Service, upstream: ScriptedServer, outcomes: Outcomes
) -> None:
    assert service.deliver(create(id="create-1")) == []
    assert [(request.method, request.target, json.loads(request.body)) for request in upstream.requests] == [
        ("POST", "/v2/rooms", {"name": "town-hall"})
    ]
    detail = {"id": "create-1", "operation": "rooms.create", "status": 200, "body": {"id": "r1"}}
    assert outcomes.take() == [("command.succeeded", detail)]


def test_a_body_is_forwarded_as_it_was_written(service: Service, upstream: ScriptedServer) -> None:
    body = {"name": "a", "description": "", "size": 0, "large_room": False, "region": None, "note": [1, 2.5, "ü"]}
    service.deliver({"operation": "rooms.create", "arguments": {"body": body}})
    assert json.loads(upstream.requests[0].body) == body


def test_path_and_query_parameters_stand_side_by_side(service: Service, upstream: ScriptedServer) -> None:
    arguments = {"room_id": ROOM, "limit": 20, "enabled": True, "role": "stage host", "start": None}
    service.deliver({"operation": "room_codes.list", "arguments": arguments})
    (received,) = upstream.requests
    assert received.method == "GET"
    assert received.target == f"/v2/room-codes/room/{ROOM}?limit=20&enabled=true&role=stage%20host"


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        pytest.param("{", "must be valid JSON", id="no JSON"),
        pytest.param('{"operation": "rooms.create", "operation": "rooms.list"}', "repeats a name", id="a name twice"),
        pytest.param([create()], "command", id="a list"),
        pytest.param({}, "operation: ", id="no operation"),
        pytest.param({"operation": "rooms.create", "argument": {}}, "did you mean arguments?", id="misspelled member"),
        pytest.param({**create(), "extra": 1}, "extra: unknown field", id="unknown member"),
        pytest.param({**create(), "id": "two words"}, "id: ", id="no id"),
        pytest.param(
            {"operation": "rooms.explode"}, "must be the name of a supported operation", id="unknown operation"
        ),
        pytest.param(
            {"operation": "rooms.iterate"}, "must be the name of a supported operation", id="no operation of 100ms"
        ),
        pytest.param({"operation": "rooms._call"}, "must be the name of a supported operation", id="private method"),
        pytest.param({"operation": "settings.api_url"}, "must be the name of a supported operation", id="no section"),
        pytest.param(
            {"operation": "auth.exchange_room_code"}, "must be the name of a supported operation", id="answers a token"
        ),
        pytest.param({"operation": "sip.send_dtmf"}, "must be the name of a supported operation", id="takes a token"),
        pytest.param({"operation": "rooms.create", "arguments": []}, "arguments: ", id="arguments of another type"),
        pytest.param({"operation": "rooms.create", "arguments": {"name": "a"}}, "name: unknown", id="unknown argument"),
        pytest.param({"operation": "rooms.update", "arguments": {"body": {}}}, "room_id: ", id="missing segment"),
        pytest.param({"operation": "rooms.retrieve", "arguments": {"room_id": "../x"}}, "room_id: ", id="a path"),
        pytest.param({"operation": "rooms.retrieve", "arguments": {"room_id": 5}}, "room_id: ", id="a number"),
        pytest.param({"operation": "rooms.update", "arguments": {"room_id": ROOM}}, "body: ", id="missing body"),
        pytest.param({"operation": "rooms.create", "arguments": {"body": []}}, "body: ", id="a list for a body"),
        pytest.param(
            {"operation": "recordings.stop", "arguments": {"recording_id": ROOM, "body": {"a": 1}}},
            "must be empty",
            id="a body too many",
        ),
        pytest.param({"operation": "rooms.list", "arguments": {"query": {"limit": 10}}}, "query: ", id="an object"),
        pytest.param({"operation": "rooms.list", "arguments": {"limit": 1}}, "limit: ", id="a value out of range"),
        pytest.param(
            {"operation": "rooms.list", "arguments": {"Limit": 10}}, "did you mean limit?", id="misspelled query"
        ),
        pytest.param(create("a/room"), "name: ", id="a body that its model refuses"),
        pytest.param('{"operation":"rooms.list","arguments":{"name":"a\\ud83d"}}', "lone surrogate", id="half a pair"),
        pytest.param('{"operation":"rooms.create","arguments":{"body":{"x":1e400}}}', "too large", id="1e400"),
        pytest.param('{"operation":"rooms.create","arguments":{"body":{"x":NaN}}}', "not a JSON number", id="NaN"),
        pytest.param({"operation": "rooms.retrieve", "arguments": {"room_id": "a" * 5000}}, "room_id: ", id="long"),
        pytest.param({"operation": "rooms.retrieve", "arguments": {"room_id": "a%2e"}}, "room_id: ", id="encoded"),
        pytest.param(
            {"operation": "rooms.list", "arguments": {"name": "a" * 20_000}}, "query: must have", id="long query"
        ),
        pytest.param(
            {"operation": "rooms.list", "arguments": {"name": ["a"] * 101}},
            "query: must have at most 100 parameters",
            id="a long list",
        ),
        pytest.param(
            {"operation": "rooms.list", "arguments": {f"x{number}": 1 for number in range(101)}},
            "query: must have at most 100 parameters",
            id="many parameters",
        ),
        pytest.param({"operation": "rooms.list", "arguments": {"name": [["a"]]}}, "name: must be a string", id="lists"),
        pytest.param('{"x":' * 101 + "1" + "}" * 101, "must nest at most 100 levels", id="too deep"),
        pytest.param(
            {"operation": "active_rooms.send_message", "arguments": {"room_id": ROOM, "body": {"peerID": "p"}}},
            "did you mean peer_id?",
            id="misspelled member of the body",
        ),
    ],
)
def test_an_invalid_command_fails_at_once_and_is_not_sent(
    service: Service, upstream: ScriptedServer, outcomes: Outcomes, message: Any, reason: str
) -> None:
    assert service.deliver(message) == []
    assert upstream.requests == []
    ((kind, detail),) = outcomes.take()
    assert (kind, detail["id"], detail["status"]) == ("command.failed", f"{service.name}-1", 400)
    assert reason in detail["error"]
    assert "outcome_unknown" not in detail


@pytest.mark.parametrize("status", [400, 403, 404, 408, 409])
def test_a_command_that_100ms_refuses_fails_at_once_with_its_response(
    service: Service, upstream: ScriptedServer, outcomes: Outcomes, status: int
) -> None:
    refusal = {"code": status, "message": "no", "details": ["because"]}
    upstream.script[:] = [answer(status, json.dumps(refusal).encode())]
    assert service.deliver(create()) == []
    ((kind, detail),) = outcomes.take()
    assert (kind, detail["status"], detail["body"], detail["error"]) == (
        "command.failed",
        status,
        refusal,
        "no: because",
    )
    assert "outcome_unknown" not in detail


ambiguous = pytest.mark.parametrize(
    ("step", "status"),
    [
        pytest.param(hang_up, 502, id="read and hung up"),
        pytest.param(then_hang_up(raw(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{")), 502, id="half an answer"),
        pytest.param(answer(200, b"<html></html>"), 502, id="no JSON"),
        pytest.param(answer(500, b'{"code":500}'), 500, id="500"),
        pytest.param(answer(503, b'{"code":503}'), 503, id="503"),
        pytest.param(stay_silent, 504, id="silence"),
        pytest.param(
            raw(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n-7\r\n{}\r\n0\r\n\r\n"),
            502,
            id="a negative chunk size",
        ),
        pytest.param(answer(200, b"{}garbage}"), 502, id="no JSON but at its ends"),
        pytest.param(
            answer(503, b'{"code":503}', retry_after="Fri, 31 Dec 99999 23:59:59 GMT"), 503, id="an absurd retry-after"
        ),
    ],
)


@ambiguous
@pytest.mark.parametrize(
    "command",
    [
        pytest.param(create(), id="POST"),
        pytest.param(
            {"operation": "polls.delete_question", "arguments": {"poll_id": "p", "question_id": "1"}}, id="DELETE"
        ),
    ],
)
def test_a_request_that_may_have_arrived_is_unknown_and_never_runs_again(
    service: Service, upstream: ScriptedServer, outcomes: Outcomes, command: Any, step: Step, status: int
) -> None:
    upstream.script[:] = [step, CREATED]
    assert service.deliver(command, milliseconds=A_SECOND) == []
    assert service.deliver(command) == []
    assert len(upstream.requests) == 1
    first, again = outcomes.take()
    assert first == again
    assert first[0] == "command.failed"
    assert (first[1]["status"], first[1]["outcome_unknown"]) == (status, True)
    assert first[1]["error"]


def test_a_crash_after_the_command_may_have_left_is_an_unknown_outcome(
    service: Service, upstream: ScriptedServer, outcomes: Outcomes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise KeyError

    with monkeypatch.context() as patch:
        patch.setattr("hms.requester._to_response", crash)
        assert service.deliver(create()) == []
    assert service.deliver(create()) == []
    assert len(upstream.requests) == 1
    first, again = outcomes.take()
    assert first == again
    assert (first[0], first[1]["status"], first[1]["outcome_unknown"]) == ("command.failed", 500, True)


@pytest.mark.parametrize("letter", ["\u0416", "\U0001f600", '"'])
def test_a_command_whose_answer_is_too_large_for_the_store_succeeds_again(
    service: Service, upstream: ScriptedServer, outcomes: Outcomes, letter: str
) -> None:
    upstream.script[:] = [answer(200, json.dumps({"text": letter * 130_000}, ensure_ascii=False).encode())]
    assert service.deliver(create()) == []
    assert service.deliver(create()) == []
    assert len(upstream.requests) == 1
    (first, _), (again, detail) = outcomes.take()
    assert first == again == "command.succeeded"
    assert detail["body"]["message"] == "the response was too large to store"


@ambiguous
def test_a_read_that_failed_comes_again(
    service: Service, upstream: ScriptedServer, outcomes: Outcomes, step: Step, status: int
) -> None:
    upstream.script[:] = [step]
    assert service.deliver(read(), milliseconds=A_SECOND) == ["1"]
    assert outcomes.take() == []
    upstream.script[:] = [CREATED]
    assert service.deliver(read()) == []
    assert [kind for kind, _ in outcomes.take()] == ["command.succeeded"]


@pytest.mark.parametrize("status", [401, 429])
def test_a_command_that_100ms_did_not_accept_is_retried(
    service: Service, upstream: ScriptedServer, outcomes: Outcomes, status: int
) -> None:
    upstream.script[:] = [answer(status, f'{{"code":{status}}}'.encode(), retry_after="60")]
    assert service.deliver(create()) == ["1"]
    assert outcomes.take() == []
    upstream.script[:] = [CREATED]
    assert service.deliver(create()) == []
    assert [kind for kind, _ in outcomes.take()] == ["command.succeeded"]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        pytest.param("HMS_API_URL", "http://127.0.0.1:{port}/v2", id="100ms out of reach"),
        pytest.param("HMS_PARAMETER_PREFIX", "/elsewhere", id="no credentials"),
        pytest.param("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:{port}", id="the store out of reach"),
        pytest.param("HMS_IDEMPOTENCY_TABLE", "NoSuchTable", id="no store"),
    ],
)
def test_a_command_that_could_not_be_sent_is_retried_and_runs(
    service: Service,
    upstream: ScriptedServer,
    outcomes: Outcomes,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    value: str,
) -> None:
    with monkeypatch.context() as patch:
        patch.setenv(variable, value.format(port=free_ports(1)[0]))
        assert Service(service.name).deliver(create()) == ["1"]
    assert (upstream.requests, outcomes.take()) == ([], [])
    assert service.deliver(create()) == []
    assert [kind for kind, _ in outcomes.take()] == ["command.succeeded"]
    assert len(upstream.requests) == 1


def test_only_those_of_a_batch_that_did_not_run_come_again(service: Service, upstream: ScriptedServer) -> None:
    upstream.script[:] = [CREATED, answer(429, b"{}", retry_after="60"), answer(404, b"{}"), answer(500, b"{}")]
    assert service.deliver(*[create(f"room-{number}") for number in range(4)]) == ["2"]


def test_a_command_of_one_id_runs_once(service: Service, upstream: ScriptedServer, outcomes: Outcomes) -> None:
    assert service.deliver(create(id=service.name), create(id=service.name), create(id=service.name)) == []
    assert len(upstream.requests) == 1
    assert [detail["body"] for _, detail in outcomes.take()] == 3 * [{"id": "r1"}]


def test_another_worker_knows_the_id_too(service: Service, upstream: ScriptedServer) -> None:
    service.deliver(create(id=service.name))
    Service(service.name).deliver(create(id=service.name), first=2)
    assert len(upstream.requests) == 1


def test_an_id_is_one_commands(service: Service, upstream: ScriptedServer, outcomes: Outcomes) -> None:
    service.deliver(create("one", id=service.name), create("other", id=service.name))
    assert len(upstream.requests) == 1
    (_, (kind, detail)) = outcomes.take()
    assert (kind, detail["id"], detail["status"]) == ("command.failed", service.name, 422)


def test_an_event_that_eventbridge_delivers_twice_runs_once(
    service: Service, upstream: ScriptedServer, outcomes: Outcomes
) -> None:
    event = {"id": service.name, "detail-type": "command", "source": "hms.commands", "detail": create()}
    service.deliver(event, event)
    assert len(upstream.requests) == 1
    assert {detail["id"] for _, detail in outcomes.take()} == {service.name}


def test_the_id_of_a_command_goes_before_that_of_its_event(service: Service, outcomes: Outcomes) -> None:
    service.deliver({"id": "event", "detail-type": "command", "detail": create(id=service.name)})
    assert [detail["id"] for _, detail in outcomes.take()] == [service.name]


def test_a_message_without_an_id_has_its_own(service: Service, upstream: ScriptedServer, outcomes: Outcomes) -> None:
    service.deliver(create(), create())
    service.deliver(create())
    assert len(upstream.requests) == 2
    assert {detail["id"] for _, detail in outcomes.take()} == {f"{service.name}-1", f"{service.name}-2"}


def test_of_two_workers_one_runs_the_command_and_one_waits_for_its_result(
    service: Service, upstream: ScriptedServer, outcomes: Outcomes
) -> None:
    def slowly(connection: Any) -> None:
        time.sleep(1)
        CREATED(connection)

    upstream.script[:] = [slowly]
    other = Service(service.name)
    with ThreadPoolExecutor() as pool:
        running = pool.submit(service.deliver, create())
        while not upstream.requests:
            time.sleep(0.01)
        assert other.deliver(create()) == ["1"]
        assert running.result() == []
    assert other.deliver(create()) == []
    assert len(upstream.requests) == 1
    assert [detail["body"] for _, detail in outcomes.take()] == 2 * [{"id": "r1"}]


def test_a_command_whose_worker_crashed_ends_with_an_unknown_outcome(
    service: Service, upstream: ScriptedServer, outcomes: Outcomes
) -> None:
    upstream.script[:] = [stay_silent]
    program = "import sys, json; from tests.support.functions import load\n"
    program += "from tests.support.lambda_context import Context\n"
    program += "load('commands').handler(json.loads(sys.argv[1]), Context(120_000))"
    event = json.dumps(batch(create(), prefix=service.name))
    with subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"import sys; sys.path[:0] = {[str(ROOT), str(ROOT / 'layers/common')]}\n{program}",
            event,
        ]
    ) as worker:
        while not upstream.requests:
            assert worker.poll() is None
            time.sleep(0.01)
        worker.kill()
    upstream.script[:] = [CREATED]
    assert service.deliver(create()) == ["1"]
    assert outcomes.take() == []
    make_unfinished_records_older(seconds=121)
    assert service.deliver(create()) == []
    ((kind, detail),) = outcomes.take()
    assert (kind, detail["status"], detail["outcome_unknown"]) == ("command.failed", 409, True)
    assert "did not finish" in detail["error"]
    assert len(upstream.requests) == 1


def make_unfinished_records_older(seconds: int) -> None:
    table = boto3.resource("dynamodb").Table("IdempotencyTable")
    for item in table.scan()["Items"]:
        if item["status"] == "INPROGRESS":
            table.update_item(
                Key={"id": item["id"]},
                UpdateExpression="ADD expiration :seconds",
                ExpressionAttributeValues={":seconds": -seconds},
            )


def test_an_unpublished_result_is_published_later_without_a_second_run(
    service: Service, upstream: ScriptedServer, outcomes: Outcomes, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL_EVENTBRIDGE", f"http://127.0.0.1:{free_ports(1)[0]}")
        assert Service(service.name).deliver(create()) == ["1"]
    assert len(upstream.requests) == 1
    assert service.deliver(create()) == []
    assert len(upstream.requests) == 1
    assert [(kind, detail["body"]) for kind, detail in outcomes.take()] == [("command.succeeded", {"id": "r1"})]


def test_a_batch_ends_before_the_timeout_and_the_rest_is_retried(
    service: Service, upstream: ScriptedServer, outcomes: Outcomes
) -> None:
    upstream.script[:] = [stay_silent]
    context = Context(12_000)
    event = batch(*[create() for _ in range(4)], prefix=service.name)
    response = service.module.handler(event, context)
    assert context.get_remaining_time_in_millis() > 5_000
    assert [failure["itemIdentifier"][-1] for failure in response["batchItemFailures"]] == ["2", "3", "4"]
    assert len(upstream.requests) == 1
    assert [detail["outcome_unknown"] for _, detail in outcomes.take()] == [True]


def test_a_command_has_25_seconds_of_the_functions_time_or_what_is_left(service: Service) -> None:
    class Watch(Requester):
        seconds = 0.0

        def call(self, *_: Any, **__: Any) -> Response:
            self.seconds = deadline.remaining_seconds()
            return Response(200, "{}")

    client = HmsClient.from_environment()
    watch = Watch(client.settings, client.transport, client.credentials)
    idempotency = Idempotency("IdempotencyTable", "commands", "command")
    commands = CommandRunner(
        watch, idempotency, EventBus("EventBus"), Logger(service="test"), MetricsRecorder("test", "test")
    )
    commands.run_direct(create(), f"{service.name}-0", Context(120_000))  # creates boto3's clients
    commands.run_direct(create(), f"{service.name}-1", Context(120_000))
    assert 24 < watch.seconds <= 25
    commands.run_direct(create(), f"{service.name}-2", Context(20_000))
    assert 9 < watch.seconds <= 10


def direct(service: Service, event: Any, request_id: str, milliseconds: int = 120_000) -> Any:
    return service.module.handler(event, Context(milliseconds, request_id))


def test_a_direct_command_returns_its_outcome(service: Service, outcomes: Outcomes) -> None:
    response = direct(service, create(), service.name)
    assert response.pop("published") is True
    assert response == {"id": service.name, "operation": "rooms.create", "status": 200, "body": {"id": "r1"}}
    assert outcomes.take() == [("command.succeeded", response)]


def test_a_list_is_answered_with_a_list(service: Service, upstream: ScriptedServer, outcomes: Outcomes) -> None:
    upstream.script[:] = [CREATED, answer(404, b'{"code": 404, "message": "room not found"}')]
    response = direct(service, [create(), read(), {"operation": "nothing"}], service.name)
    assert [item["status"] for item in response] == [200, 404, 400]
    assert [item["id"] for item in response] == [f"{service.name}-{number}" for number in range(3)]
    assert sorted(kind for kind, _ in outcomes.take()) == ["command.failed", "command.failed", "command.succeeded"]


def test_a_direct_command_that_did_not_run_fails_and_frees_its_id(
    service: Service, upstream: ScriptedServer, outcomes: Outcomes
) -> None:
    upstream.script[:] = [answer(429, b'{"code": 429, "message": "too many"}', retry_after="60")]
    failed = direct(service, create(id=service.name), "request-1")
    assert (failed["status"], failed["error"]) == (429, "too many")
    assert "outcome_unknown" not in failed
    upstream.script[:] = [CREATED]
    assert direct(service, create(id=service.name), "request-2")["status"] == 200
    assert [kind for kind, _ in outcomes.take()] == ["command.failed", "command.succeeded"]


def test_a_direct_invocation_reports_an_unpublished_outcome(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL_EVENTBRIDGE", f"http://127.0.0.1:{free_ports(1)[0]}")
        response = direct(Service(service.name), create(), service.name)
    assert (response["status"], response["published"]) == (200, False)


def test_a_body_that_the_bus_does_not_take_is_left_out_and_said_so(
    service: Service, upstream: ScriptedServer, outcomes: Outcomes
) -> None:
    upstream.script[:] = [answer(200, json.dumps({"text": "x" * 1_100_000}).encode())]
    assert service.deliver(create()) == []
    ((kind, detail),) = outcomes.take()
    assert (kind, detail["body"], detail["body_omitted"]) == ("command.succeeded", None, "too large")


@pytest.mark.parametrize("command", [create(), read()], ids=["write", "read"])
def test_a_command_that_crashes_us_fails_at_once(
    service: Service, outcomes: Outcomes, monkeypatch: pytest.MonkeyPatch, command: Any
) -> None:
    def crash(*_: object, **__: object) -> None:
        raise LookupError

    monkeypatch.setattr(service.module.commands._requester, "call", crash)
    assert service.deliver(command) == []
    ((kind, detail),) = outcomes.take()
    assert (kind, detail["status"], detail["error"]) == ("command.failed", 500, "internal error")
    assert detail.get("outcome_unknown", False) is (command["operation"] == "rooms.create")


@pytest.mark.parametrize(
    "value", ["\ud83d", {"\ude00": 1}, float("nan"), float("inf"), [-float("inf")], [0] * 600_000, [[]] * 10_000]
)
def test_a_direct_command_is_read_as_a_queued_one(
    service: Service, upstream: ScriptedServer, outcomes: Outcomes, value: object
) -> None:
    failed, ran = direct(service, [create(extra=value), read()], service.name)
    assert (failed["status"], failed["published"], ran["status"]) == (
        413 if len(str(value)) > 10**6 else 400,
        True,
        200,
    )
    json.dumps([failed, ran], ensure_ascii=False).encode()
    assert [kind for kind, _ in outcomes.take()] == ["command.failed", "command.succeeded"]


def test_a_direct_command_that_nests_too_deeply_fails(service: Service, upstream: ScriptedServer) -> None:
    deep: Any = 1
    for _ in range(101):
        deep = [deep]
    assert direct(service, create(extra=deep), service.name)["error"].endswith("must nest at most 100 levels")
    assert upstream.requests == []


def test_an_answer_without_a_body_has_none(service: Service, upstream: ScriptedServer, outcomes: Outcomes) -> None:
    upstream.script[:] = [raw(b"HTTP/1.1 204 No Content\r\n\r\n")]
    service.deliver(create())
    ((kind, detail),) = outcomes.take()
    assert (kind, detail["status"], detail["body"]) == ("command.succeeded", 204, None)
    assert "body_omitted" not in detail


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("room_codes.create", {"room_id": ROOM}),
        ("room_codes.list", {"room_id": ROOM}),
        ("room_codes.create_for_role", {"room_id": ROOM, "role": "host"}),
        ("room_codes.update", {"body": {"code": "abc-defg-hij", "enabled": True}}),
        ("stream_keys.create", {"room_id": ROOM}),
        ("stream_keys.retrieve", {"room_id": ROOM}),
        ("recording_assets.presigned_url", {"asset_id": ROOM}),
    ],
)
def test_a_response_that_is_a_credential_is_omitted(
    service: Service, upstream: ScriptedServer, outcomes: Outcomes, operation: str, arguments: Any
) -> None:
    upstream.script[:] = [answer(200, b'{"code": "opens-the-room"}')]
    response = direct(service, {"operation": operation, "arguments": arguments}, service.name)
    assert (response["status"], response["body"], response["body_omitted"]) == (200, None, "a credential")
    assert "opens-the-room" not in str(outcomes.take())


def test_only_members_with_credentials_are_redacted(
    service: Service, upstream: ScriptedServer, outcomes: Outcomes
) -> None:
    room = {
        "id": "r1",
        "recording_info": {"upload_info": {"location": "bucket", "credentials": {"key": "k", "secret": "hidden"}}},
        "webhook": {"url": "https://u:hidden@example.com/hook?k=hidden", "headers": {"authorization": "hidden"}},
        "destinations": [{"rtmp_urls": ["rtmp://example.com/hidden"]}],
        "meeting_url": "https://example.com/meeting/hidden",
        "asset": {"hls_vod_recording_presigned_url": "https://example.com/hidden", "headers": None},
    }
    upstream.script[:] = [answer(200, json.dumps(room).encode())]
    service.deliver(create(id=service.name), create(id=service.name))
    (_, detail), (_, again) = outcomes.take()
    assert "hidden" not in str(detail)
    assert detail["body"]["id"] == "r1"
    assert detail["body"]["recording_info"]["upload_info"] == {"location": "bucket", "credentials": {}}
    assert detail["body"]["webhook"] == {"url": "https://withheld@example.com/hook?withheld", "headers": {}}
    assert detail["body"]["asset"]["headers"] is None
    assert again == detail
    assert len(upstream.requests) == 1


@pytest.mark.parametrize("name", ["code", "token", "streamKey", "stream_key", "roomCode", "secretKey", "meetingUrl"])
def test_a_member_named_like_a_credential_is_redacted_in_every_result(
    service: Service, upstream: ScriptedServer, outcomes: Outcomes, name: str
) -> None:
    upstream.script[:] = [answer(200, json.dumps({"id": "r1", "peers": [{name: "hid-dden-cod"}]}).encode())]
    service.deliver({"operation": "active_rooms.retrieve", "arguments": {"room_id": ROOM}})
    ((_, detail),) = outcomes.take()
    assert detail["body"] == {"id": "r1", "peers": [{name: "withheld"}]}


def test_the_urls_in_an_error_contain_no_credentials(
    service: Service, upstream: ScriptedServer, outcomes: Outcomes
) -> None:
    error = {"code": 400, "message": "no https://user:hidden@example.com/?token=hidden", "details": ["rtmp://e/hidden"]}
    upstream.script[:] = [answer(400, json.dumps(error).encode())]
    service.deliver(create())
    ((_, detail),) = outcomes.take()
    assert detail["error"] == "no https://withheld@example.com/?withheld: rtmp://e/withheld"
    assert "hidden" not in str(detail)


def test_a_command_logs_one_line_without_its_arguments_and_bodies(service: Service, upstream: ScriptedServer) -> None:
    fresh, log = Service(service.name), io.StringIO()
    for handler in logging.getLogger("commands").handlers:
        cast(logging.StreamHandler[io.StringIO], handler).setStream(log)
    upstream.script[:] = [answer(200, b'{"note": "answered-words"}'), answer(429, b"{}", retry_after="60")]
    fresh.deliver(create("argued-words", id="id-1"), create("argued-words"))
    lines = log.getvalue().splitlines()
    assert not any("words" in line for line in lines)
    first, second = (json.loads(line) for line in lines)
    assert {name: first[name] for name in ("service", "message", "id", "operation", "status", "outcome")} == {
        "service": "commands",
        "message": "command",
        "id": "id-1",
        "operation": "rooms.create",
        "status": 200,
        "outcome": "succeeded",
    }
    assert first["duration_ms"] > 0
    assert (second["status"], second["outcome"], second["published"]) == (429, "did not run", False)


@pytest.mark.parametrize("file", sorted((ROOT / "events" / "commands").glob("*.json")), ids=lambda file: file.stem)
def test_every_sample_is_a_command_that_succeeds(service: Service, outcomes: Outcomes, file: Path) -> None:
    event = json.loads(file.read_text())
    response = service.module.handler(event, Context(120_000))
    commands = event.get("Records", [event]) if isinstance(event, dict) else event
    assert [kind for kind, _ in outcomes.take()] == ["command.succeeded"] * len(commands)
    if isinstance(event, dict) and "Records" in event:
        assert response == {"batchItemFailures": []}


def test_in_the_local_stack_a_command_on_the_bus_has_its_result_on_the_bus(stack: Stack, outcomes: Outcomes) -> None:
    detail = json.dumps(create("sent-over-the-bus"))
    events = session().client("events", endpoint_url=stack.aws)
    (sent,) = events.put_events(
        Entries=[{"EventBusName": "EventBus", "Source": "hms.commands", "DetailType": "command", "Detail": detail}]
    )["Entries"]
    ((kind, result),) = outcomes.take(wait_seconds=20)
    assert (kind, result["id"], result["operation"]) == ("command.succeeded", sent["EventId"], "rooms.create")
    headers = {"Authorization": f"Bearer {stack.token}"}
    room = requests.get(f"{stack.api}/rooms/{result['body']['id']}", headers=headers, timeout=30).json()
    assert room["name"] == "sent-over-the-bus"

"""The number of client keys, and of revoked ones, changes neither the calls nor the time of a request."""

import json
import statistics
import time
from base64 import b32encode
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import repeat
from typing import Any

import pytest

from hms.tokens import sign_management_token
from tests.support.client_keys import MASTER, make_key
from tests.support.clock import Clock
from tests.support.functions import http_event, load
from tests.support.lambda_context import Context
from tests.support.servers import Received, ScriptedServer, Step, answer, serve

REQUESTS = 500
"""Requests that are measured, each with another token."""
ROUNDS = 15
TOLERANCE = 1.5
IDS_IN_A_LIST = 455
BODY = json.dumps({"roomId": "r", "role": "guest", "userId": "u"})

Event = dict[str, Any]


class Ssm:
    """SSM with any number of revoked client keys.

    Attributes:
        server: the server, with its requests.
        revoked: number of revoked client keys.
    """

    def __init__(self, server: ScriptedServer) -> None:
        self.server = server
        self.revoked = 1

    def respond(self, request: Received) -> Step:
        ids = [key_id(number) for number in range(10_000_000, 10_000_000 + self.revoked)]
        lists = [ids[start : start + IDS_IN_A_LIST] for start in range(0, len(ids), IDS_IN_A_LIST)]
        values = {"access_key": "app", "secret": "s" * 32, "client_key_master": MASTER}
        values |= {f"revoked_client_keys_{number}": ",".join(ids) for number, ids in enumerate(lists, 1)}
        names = [name for name in json.loads(request.body)["Names"] if name.removeprefix("/hms/") in values]
        found = [{"Name": name, "Value": values[name.removeprefix("/hms/")]} for name in names]
        return answer(200, json.dumps({"Parameters": found, "InvalidParameters": []}).encode())


def key_id(number: int) -> str:
    return b32encode(number.to_bytes(5, "big")).decode().lower()


@pytest.fixture
def ssm(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Iterator[Ssm]:
    with serve() as server:
        ssm = Ssm(server)
        server.respond = ssm.respond
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
        monkeypatch.setenv("AWS_REGION", "us-east-1")
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "testing")
        yield ssm


def events(keys: int, count: int = REQUESTS) -> list[Event]:
    """Return requests of this number of client keys in turns, each with another token."""
    pairs = [make_key(id=key_id(number), name=f"client-{number}", scopes=["tokens:write"]) for number in range(keys)]
    return [
        http_event("POST", "/token", body=BODY, authorization=f"Bearer {sign_management_token(*pairs[number % keys])}")
        for number in range(count)
    ]


def start() -> Callable[[Event], None]:
    """Start a cold container."""
    function = load("tokens")

    def send(event: Event) -> None:
        assert function.handler(event, Context())["statusCode"] == 201

    return send


def measure(call: Callable[[], object]) -> float:
    """Return the CPU time of this thread, which other processes do not change much."""
    started = time.thread_time()
    call()
    return time.thread_time() - started


def compare(calls: Mapping[int, Iterator[Callable[[], object]]], rounds: int) -> None:
    """Check that the calls of each kind take about the same time. They run in turns, so that all meet the same load."""
    seconds: dict[int, list[float]] = {kind: [] for kind in calls}
    for _ in range(rounds):
        for kind, kind_calls in calls.items():
            seconds[kind].append(measure(next(kind_calls)))
    medians = {kind: statistics.median(values) for kind, values in seconds.items()}
    assert max(medians.values()) < TOLERANCE * min(medians.values()), medians


@pytest.mark.storm
@pytest.mark.timeout(240)
def test_10_000_client_keys_cost_as_much_as_one(ssm: Ssm) -> None:
    calls = {}
    for keys in (1, 100, 10_000):
        send, sent = start(), events(keys, max(keys, REQUESTS))
        for event in sent[:-REQUESTS]:
            send(event)
        calls[keys] = map(partial, repeat(send), sent[-REQUESTS:])
    compare(calls, REQUESTS)
    assert len(ssm.server.requests) == len(calls)


def test_1_500_revoked_client_keys_cost_a_request_as_much_as_one(ssm: Ssm) -> None:
    calls = {}
    for revoked in (1, 1_500):
        ssm.revoked = revoked
        send, (first, *others) = start(), events(1)
        send(first)
        calls[revoked] = map(partial, repeat(send), others)
    compare(calls, REQUESTS - 1)
    assert len(ssm.server.requests) == len(calls)


def test_1_500_revoked_client_keys_cost_a_cold_start_as_much_as_one(ssm: Ssm) -> None:
    (event,) = events(1, 1)

    def start_with(revoked: int) -> None:
        ssm.revoked = revoked
        start()(event)

    start()(event)  # imports modules
    del ssm.server.requests[:]
    compare({revoked: repeat(partial(start_with, revoked)) for revoked in (1, 1_500)}, ROUNDS)
    assert len(ssm.server.requests) == 2 * ROUNDS


def test_revoked_client_keys_are_read_in_one_call(ssm: Ssm) -> None:
    ssm.revoked = 1_500
    revoked = make_key(id=key_id(10_000_000 + 1_499), scopes=["tokens:write"])
    token = sign_management_token(*revoked)
    function = load("tokens")
    response = function.handler(http_event("POST", "/token", body=BODY, authorization=f"Bearer {token}"), Context())
    assert response["statusCode"] == 401
    assert "revoked" in response["body"]
    assert len(ssm.server.requests) == 1

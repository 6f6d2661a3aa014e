"""Provisioned concurrency: what a container of the tokens function does before its first request."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from hms.http import deadline
from hms.tokens import sign_management_token
from tests.http_api import ROOT
from tests.support.client_keys import MASTER, make_key
from tests.support.functions import http_event
from tests.support.servers import Received, ScriptedServer, Step, answer, reset, serve

ACCESS_KEY, SECRET = "key", "s" * 32
CLIENT_KEY = make_key(scopes=["tokens:write"])
PARAMETERS = {
    "/hms/access_key": ACCESS_KEY,
    "/hms/secret": SECRET,
    "/hms/client_key_master": MASTER,
    "/hms/revoked_client_keys_1": "none",
}
PROVISIONED = "provisioned-concurrency"
MAX_DELAY_SECONDS = 10

CONTAINER = """
import json, sys, time
delays, clock, sleep, frozen = [], time.time, time.sleep, 0
time.time = lambda: clock() + frozen
time.sleep = delays.append
import app
time.sleep = sleep
from hms.http import deadline
from tests.support.lambda_context import Context
write = lambda value: print(json.dumps(value), file=sys.stderr, flush=True)
write({"delays": delays, "seconds_left": deadline.remaining_seconds(), "modules": list(sys.modules)})
for line in sys.stdin:
    seconds, event = json.loads(line)
    frozen += seconds
    loaded = set(sys.modules)
    response = app.handler(event, Context())
    write({**response, "loaded": sorted(sys.modules.keys() - loaded)})
"""
"""Initializes the function without the delay, then handles one event per line. Its log goes to standard output."""

JOIN = json.dumps({"roomId": "a-room", "role": "guest", "userId": "a-user"})
MINT, MINT_WITH_CLIENT_KEY = (
    http_event("POST", "/token", body=JOIN, authorization=f"Bearer {sign_management_token(*key)}")
    for key in ((ACCESS_KEY, SECRET), CLIENT_KEY)
)
EXCHANGE = http_event("POST", "/v2/token", body='{"code": "abc-defg-hij", "user_id": "a-user"}')
del EXCHANGE["headers"]["authorization"]


def parameters(request: Received) -> Step:
    found = [
        {"Name": name, "Value": PARAMETERS[name]} for name in json.loads(request.body)["Names"] if name in PARAMETERS
    ]
    return answer(body=json.dumps({"Parameters": found, "InvalidParameters": []}).encode())


@pytest.fixture
def ssm() -> Iterator[ScriptedServer]:
    """SSM with the app's key pair."""
    with serve(respond=parameters) as server:
        yield server


@pytest.fixture
def token_service() -> Iterator[ScriptedServer]:
    """The token service of 100ms."""
    with serve(answer(body=b'{"token": "a-join-token"}')) as server:
        yield server


class Container:
    """A container of the tokens function, as a process.

    Attributes:
        initialized: the delays, the time left and the modules after the initialization.
    """

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.initialized = self._receive()

    def send(self, event: dict[str, Any], after: float = 10) -> dict[str, Any]:
        """Send an event and return its response, with the modules that it loaded.

        Args:
            event: the event.
            after: seconds for which the container is frozen before. The default is longer than the pause after a
                failed read.
        """
        assert self._process.stdin
        self._process.stdin.write(json.dumps([after, event]) + "\n")
        self._process.stdin.flush()
        return self._receive()

    def stop(self) -> list[str]:
        """Stop the container and return the lines of its log."""
        return self._process.communicate()[0].splitlines()

    def _receive(self) -> dict[str, Any]:
        assert self._process.stderr
        line = self._process.stderr.readline()
        assert line.startswith("{"), line + self._process.stderr.read()
        message: dict[str, Any] = json.loads(line)
        return message


@contextmanager
def container(ssm: ScriptedServer, initialization: str, **variables: str) -> Iterator[Container]:
    """Run a container while the context is open."""
    path = [ROOT / "functions" / "tokens", ROOT / "layers" / "common", ROOT]
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(map(str, path)),
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_ENDPOINT_URL_SSM": ssm.url,
        "AWS_LAMBDA_FUNCTION_NAME": "tokens",
        "AWS_LAMBDA_INITIALIZATION_TYPE": initialization,
        "HMS_VALIDATION": "observe",
        **variables,
    }
    pipe = subprocess.PIPE
    command = [sys.executable, "-P", "-c", CONTAINER]
    with subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            yield Container(process)
        finally:
            process.kill()


@pytest.mark.parametrize("initialization", ["on-demand", "snap-start"])
def test_a_container_of_another_kind_prepares_nothing(ssm: ScriptedServer, initialization: str) -> None:
    with container(ssm, initialization) as started:
        assert started.initialized["delays"] == []
        assert not {"pydantic", "hms.models.base", "hms_service.warm_up"} & set(started.initialized["modules"])
    assert ssm.requests == []


def test_a_provisioned_container_reads_all_keys_before_its_first_request(ssm: ScriptedServer) -> None:
    with container(ssm, PROVISIONED) as started:
        (request,) = ssm.requests
        assert set(json.loads(request.body)["Names"]) >= PARAMETERS.keys()
        assert 0 < started.initialized["seconds_left"] < 30
        assert started.initialized["seconds_left"] != deadline.DEFAULT_SECONDS, "the read has no deadline"


def test_containers_that_start_together_wait_for_different_times(ssm: ScriptedServer) -> None:
    with container(ssm, PROVISIONED) as one, container(ssm, PROVISIONED) as other:
        (first,), (second,) = one.initialized["delays"], other.initialized["delays"]
    assert first != second
    assert min(first, second) >= 0
    assert max(first, second) <= MAX_DELAY_SECONDS


@pytest.mark.parametrize("event", [MINT, MINT_WITH_CLIENT_KEY], ids=["app key", "client key"])
def test_its_first_join_token_needs_no_further_module_and_no_call(ssm: ScriptedServer, event: dict[str, Any]) -> None:
    with container(ssm, PROVISIONED) as started:
        response = started.send(event)
    assert (response["statusCode"], response["loaded"]) == (201, [])
    assert len(ssm.requests) == 1


@pytest.mark.parametrize(
    ("event", "minutes", "status"),
    [(MINT, 10, 201), (MINT, 16, 503), (MINT_WITH_CLIENT_KEY, 1.5, 201), (MINT_WITH_CLIENT_KEY, 3, 503)],
)
def test_a_frozen_container_serves_known_keys_for_a_time_while_ssm_fails(
    ssm: ScriptedServer, event: dict[str, Any], minutes: float, status: int
) -> None:
    with container(ssm, PROVISIONED) as started:
        ssm.respond = lambda _: answer(400, b'{"__type": "AccessDeniedException"}')
        assert started.send(event, after=60 * minutes)["statusCode"] == status


def test_a_frozen_container_reads_old_keys_again(ssm: ScriptedServer) -> None:
    with container(ssm, PROVISIONED) as started:
        assert started.send(MINT_WITH_CLIENT_KEY, after=600)["statusCode"] == 201
    assert len(ssm.requests) == 2


def test_its_first_code_exchange_needs_no_further_module_and_only_100ms(
    ssm: ScriptedServer, token_service: ScriptedServer
) -> None:
    with container(ssm, PROVISIONED, HMS_AUTH_URL=f"{token_service.url}/v2") as started:
        response = started.send(EXCHANGE)
    assert (response["statusCode"], response["loaded"]) == (200, [])
    assert json.loads(response["body"]) == {"token": "a-join-token"}
    assert len(ssm.requests) == len(token_service.requests) == 1


@pytest.mark.parametrize(
    "failure",
    [
        answer(400, b'{"__type": "ThrottlingException"}'),
        answer(400, b'{"__type": "AccessDeniedException"}'),
        answer(body=b'{"Parameters": [], "InvalidParameters": ["/hms/access_key", "/hms/secret"]}'),
        answer(body=b"\xff"),
        reset,
    ],
    ids=["throttled", "denied", "missing", "malformed", "reset"],
)
def test_a_failed_read_is_logged_and_the_first_request_reads_again(ssm: ScriptedServer, failure: Step) -> None:
    ssm.respond = lambda _: failure
    with container(ssm, PROVISIONED) as started:
        ssm.respond = parameters
        response = started.send(MINT)
        log = started.stop()
    assert response["statusCode"] == 201
    warning = json.loads(log[0])
    assert (warning["level"], warning["service"]) == ("WARNING", "tokens")
    assert warning["message"].startswith("the keys were not read at initialization: ")
    assert SECRET not in "".join(log)

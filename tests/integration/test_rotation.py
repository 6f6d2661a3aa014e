"""Rotating keys without failed calls: the commands of docs/security.md, run against the local stack."""

import json
import os
import re
import secrets
import uuid
from collections.abc import Callable, Iterator
from types import ModuleType
from urllib.parse import urlsplit

import boto3
import jwt
import pytest

from hms.parameters import FORCED_READ_SECONDS, PLAIN, SECURE
from hms.tokens import sign_management_token
from simulator.server import Simulator
from tests.http_api import ROOT
from tests.integration.stack import Stack, free_ports
from tests.support.aws import functions_environment
from tests.support.client_keys import create_key
from tests.support.clock import Clock
from tests.support.functions import http_event, load
from tests.support.lambda_context import Context
from tests.support.make import TOOLS, make_flags
from tests.support.terminal import at_terminal

PREFIX = "/hms"


@pytest.fixture
def environment(stack: Stack) -> Iterator[pytest.MonkeyPatch]:
    with functions_environment(stack, PREFIX) as patch:
        yield patch


@pytest.fixture
def perform(stack: Stack, environment: pytest.MonkeyPatch) -> Callable[..., str]:
    """Runs commands in a terminal with python and the layer, and types input. Returns the output."""
    path = os.pathsep.join([str(TOOLS), os.environ["PATH"]])

    def run(commands: str, *answers: tuple[str, str], **variables: str) -> str:
        shell = ["bash", "-euo", "pipefail", "-c", commands]
        local = {"LOCAL": "1", "AWS_PORT": str(urlsplit(stack.aws).port)}
        env = {**os.environ, "PATH": path, "MAKEFLAGS": make_flags(), **local, **variables}
        status, screen = at_terminal(shell, env, *answers)
        assert status == 0, screen
        return screen

    return run


@pytest.fixture
def caller(environment: pytest.MonkeyPatch) -> tuple[str, str]:
    """A client key that is in use all the time."""
    return create_key(boto3.client("ssm"), PREFIX, "service", ["rooms:read", "tokens:write"])


def commands(heading: str) -> list[str]:
    """Return the shell commands of the steps under a heading of the page."""
    _, _, rest = (ROOT / "docs" / "security.md").read_text().partition(f"### {heading}\n")
    section = re.split(r"^##", rest, maxsplit=1, flags=re.MULTILINE)[0]
    return re.findall(r"```sh\n(.*?)```", section, flags=re.DOTALL)


def typed(pair: tuple[str, str]) -> list[tuple[str, str]]:
    return [("ACCESS_KEY: ", pair[0]), ("SECRET: ", pair[1])]


def pair_of(printed: str) -> tuple[str, str]:
    """Return the key that a command printed."""
    variables = dict(line.split("=", 1) for line in printed.splitlines() if line.startswith("HMS_"))
    return variables["HMS_ACCESS_KEY"], variables["HMS_SECRET"]


def status(rooms: ModuleType, key: tuple[str, str]) -> int:
    token = sign_management_token(*key)
    return int(rooms.handler(http_event("GET", "/rooms", authorization=f"Bearer {token}"), Context())["statusCode"])


def test_a_client_key_is_changed_without_a_refused_call(perform: Callable[..., str], clock: Clock) -> None:
    make, revoke = commands("A client key")
    rooms = load("rooms")
    old = pair_of(perform(make))
    assert status(rooms, old) == 200
    new = pair_of(perform(make))
    assert (status(rooms, old), status(rooms, new)) == (200, 200)

    listed = perform(revoke, OLD_ACCESS_KEY=old[0])
    assert [line.split()[1] for line in listed.splitlines() if "reports" in line][:2] == ["active", "revoked"]
    assert status(rooms, new) == 200
    clock.shift(PLAIN.max_fresh)
    assert (status(rooms, old), status(rooms, new)) == (401, 200)


def test_the_master_is_changed_without_a_refused_call(perform: Callable[..., str], clock: Clock) -> None:
    start, make, finish = commands("The master of the client keys")
    rooms = load("rooms")
    old = pair_of(perform(make))
    assert status(rooms, old) == 200

    perform(start)
    assert status(rooms, old) == 200
    clock.shift(SECURE.max_fresh)
    new = pair_of(perform(make))
    assert (status(rooms, old), status(rooms, new)) == (200, 200)

    listed = perform(finish)
    assert [line.split()[1] for line in listed.splitlines() if "reports" in line][:2] == ["active", "master"]
    assert status(rooms, new) == 200
    clock.shift(SECURE.max_fresh)
    assert (status(rooms, old), status(rooms, new)) == (401, 200)


def test_the_apps_key_pair_is_changed_without_a_failed_call(
    stack: Stack,
    environment: pytest.MonkeyPatch,
    caller: tuple[str, str],
    perform: Callable[..., str],
    clock: Clock,
) -> None:
    (put,) = commands("The app's key pair")
    old, new = (stack.access_key, stack.secret), (secrets.token_hex(12), secrets.token_hex(32))
    (port,) = free_ports(1)
    environment.setenv("HMS_API_URL", f"http://127.0.0.1:{port}/v2")
    rooms, tokens = load("rooms"), load("tokens")

    hms = Simulator("127.0.0.1", port, *old)
    hms.start()
    assert status(rooms, caller) == 200
    assert signer(tokens, caller, old, new) == old
    try:
        perform(put, *typed(new))
        assert status(rooms, caller) == 200
        assert signer(tokens, caller, old, new) == old
        clock.shift(SECURE.max_fresh)
        assert signer(tokens, caller, old, new) == new
        hms.stop()

        hms = Simulator("127.0.0.1", port, *new)
        hms.start()
        assert status(rooms, caller) == 200
    finally:
        hms.stop()
        perform(put, *typed(old))


def test_a_function_reads_the_new_pair_when_100ms_refuses_the_old_one(
    stack: Stack,
    environment: pytest.MonkeyPatch,
    caller: tuple[str, str],
    perform: Callable[..., str],
    clock: Clock,
) -> None:
    (put,) = commands("The app's key pair")
    old, new = (stack.access_key, stack.secret), (secrets.token_hex(12), secrets.token_hex(32))
    hms = Simulator("127.0.0.1", 0, *new)
    hms.start()
    environment.setenv("HMS_API_URL", f"{hms.url}/v2")
    rooms = load("rooms")
    try:
        assert status(rooms, caller) == 401
        perform(put, *typed(new))
        clock.shift(FORCED_READ_SECONDS)
        assert status(rooms, caller) == 200
    finally:
        hms.stop()
        perform(put, *typed(old))


def test_the_webhook_secret_is_changed_without_a_refused_webhook(
    environment: pytest.MonkeyPatch, perform: Callable[..., str], clock: Clock
) -> None:
    both, alone = commands("The webhook secret")
    pair = {"OLD_SECRET": "local-webhook-secret", "NEW_SECRET": secrets.token_hex(16)}
    environment.setenv("HMS_EVENT_BUS", "EventBus")
    environment.setenv("HMS_IDEMPOTENCY_TABLE", "IdempotencyTable")
    webhooks = load("webhooks")

    def statuses() -> tuple[int, ...]:
        return tuple(webhook_status(webhooks, secret) for secret in pair.values())

    try:
        assert statuses() == (200, 401)
        perform(both, **pair)
        clock.shift(SECURE.max_fresh)
        assert statuses() == (200, 200)
        perform(alone, **pair)
        assert statuses()[1] == 200
        clock.shift(SECURE.max_fresh)
        assert statuses() == (401, 200)
    finally:
        perform(alone, NEW_SECRET=pair["OLD_SECRET"])


def webhook_status(webhooks: ModuleType, secret: str) -> int:
    webhook = {"id": str(uuid.uuid4()), "type": "peer.join.success", "data": {}}
    event = http_event("POST", "/webhooks", body=json.dumps(webhook))
    event["headers"]["x-webhook-secret"] = secret
    return int(webhooks.handler(event, Context())["statusCode"])


def signer(tokens: ModuleType, caller: tuple[str, str], *pairs: tuple[str, str]) -> tuple[str, str]:
    """Return which of the pairs signs the join tokens."""
    body = json.dumps({"roomId": "r", "role": "host", "userId": "u"})
    event = http_event("POST", "/token", body=body, authorization=f"Bearer {sign_management_token(*caller)}")
    minted = json.loads(tokens.handler(event, Context())["body"])["token"]
    access_key = jwt.decode(minted, options={"verify_signature": False})["access_key"]
    (pair,) = [pair for pair in pairs if pair[0] == access_key]
    jwt.decode(minted, pair[1], ["HS256"])
    return pair

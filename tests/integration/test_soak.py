"""One hour of a container without its idle minutes: cached values expire, and 100ms closes connections."""

import json
import secrets
from collections.abc import Callable
from typing import Any

import pytest
import requests

import hms.ssm
from hms.ssm import read_parameters
from hms.tokens import sign_management_token
from simulator.server import Simulator
from tests.support.aws import running_aws
from tests.support.client_keys import create_key
from tests.support.clock import Clock
from tests.support.functions import http_event, load
from tests.support.lambda_context import Context

pytestmark = [pytest.mark.storm, pytest.mark.timeout(300)]

HOUR_SECONDS = 3_600
STEP_SECONDS = 10
CALLERS_TOKEN_SECONDS = 600


def test_in_an_hour_of_expiring_tokens_and_caches_no_caller_sees_an_error(
    monkeypatch: pytest.MonkeyPatch, clock: Clock, record_property: Callable[[str, object], None]
) -> None:
    access_key, secret = secrets.token_hex(12), secrets.token_hex(32)
    reads: list[list[str]] = []

    def counted(transport: Any, names: Any, **options: Any) -> dict[str, str]:
        reads.append(names)
        return read_parameters(transport, names, **options)

    with running_aws(access_key=access_key, secret=secret) as aws:
        for name, value in aws.environment.items():
            monkeypatch.setenv(name, value)
        key = create_key(aws.ssm, "/hms", "soak", ["*"])
        simulator = Simulator("127.0.0.1", 0, access_key, secret)
        simulator.start()
        monkeypatch.setenv("HMS_API_URL", f"{simulator.url}/v2")
        monkeypatch.setattr(hms.ssm, "read_parameters", counted)
        rooms = load("rooms")

        def call(method: str, path: str, body: Any = None) -> Any:
            event = http_event(method, path, body=body and json.dumps(body), authorization=f"Bearer {token}")
            answer = rooms.handler(event, Context())
            assert answer["statusCode"] == 200, (second, answer)
            return json.loads(answer["body"])

        try:
            for second in range(0, HOUR_SECONDS, STEP_SECONDS):
                if second % CALLERS_TOKEN_SECONDS == 0:
                    token = sign_management_token(*key, lifetime=CALLERS_TOKEN_SECONDS)
                if second == 0:
                    room = call("POST", "/rooms", {"name": "soak"})["id"]
                call("GET", f"/rooms/{room}")
                call("POST", f"/rooms/{room}", {"description": f"second {second}"})
                assert call("GET", f"/rooms/{room}")["description"] == f"second {second}"
                simulator.stop()
                simulator.start()
                clock.shift(STEP_SECONDS)
            seen = requests.get(f"{simulator.url}/_simulator/requests", timeout=10).json()["requests"]
        finally:
            simulator.stop()

    steps = HOUR_SECONDS // STEP_SECONDS
    assert len([item for item in seen if item["method"] == "POST"]) == steps + 1
    assert len(seen) == 3 * steps + 1
    tokens = {item["headers"]["authorization"] for item in seen}
    assert len(tokens) == 2
    assert HOUR_SECONDS // 60 <= len(reads) <= HOUR_SECONDS // 30
    record_property(
        "summary",
        f"soak: 1 hour, {len(seen)} requests, {steps} connections that 100ms closed, "
        f"{len(tokens)} tokens, {len(reads)} reads of the key pair",
    )

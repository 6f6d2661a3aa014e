"""Responses and logs while 100ms or the credentials are not available."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.http_api import ROOT
from tests.integration.stack import Stack, free_ports
from tests.support.aws import functions_environment
from tests.support.functions import load
from tests.support.lambda_context import Context
from tests.support.logs import Log


@pytest.fixture
def event(stack: Stack) -> Iterator[dict[str, Any]]:
    text = (ROOT / "events" / "rooms" / "create_room.json").read_text().replace("MANAGEMENT_TOKEN", stack.token)
    with functions_environment(stack):
        yield json.loads(text)


def call(event: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the response and the only line of the log."""
    rooms = load("rooms")
    log = Log("rooms")
    answer = rooms.handler(event, Context())
    (line,) = log.lines()
    return answer, line


def test_an_unreachable_100ms_is_502_within_the_connect_timeout(
    event: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    (port,) = free_ports(1)
    monkeypatch.setenv("HMS_API_URL", f"http://127.0.0.1:{port}/v2")
    started = time.monotonic()
    answer, line = call(event)
    assert time.monotonic() - started < 3
    assert answer["statusCode"] == 502
    assert json.loads(answer["body"]) == {"code": 502, "message": "100ms could not be reached", "details": []}
    assert (line["level"], line["error"], line["reason"]) == (
        "ERROR",
        "UpstreamUnreachableError",
        "ConnectionRefusedError",
    )


def test_a_missing_parameter_is_503_and_named_in_the_log_only(
    event: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HMS_PARAMETER_PREFIX", "/elsewhere")
    answer, line = call(event)
    assert answer["statusCode"] == 503
    assert answer["headers"]["retry-after"] == "5"
    assert "/elsewhere" not in answer["body"]
    assert line["reason"] == "missing SSM parameter: /elsewhere/access_key, /elsewhere/secret"


def test_a_request_leaves_one_line_that_says_what_happened_and_no_secret(stack: Stack, event: dict[str, Any]) -> None:
    event["body"] = '{"name": "a-room"}'
    answer, line = call(event)
    assert answer["statusCode"] == 200
    assert {name: line[name] for name in ("service", "method", "route", "status")} == {
        "service": "rooms",
        "method": "POST",
        "route": "/rooms",
        "status": 200,
    }
    assert line["caller"] == stack.access_key
    assert line["correlation_id"] == event["requestContext"]["requestId"]
    assert (line["upstream_status"], line["upstream_attempts"]) == (200, 1)
    assert 0 < line["upstream_ms"] < line["duration_ms"]
    assert stack.secret not in json.dumps(line)
    assert stack.token not in json.dumps(line)

"""The size of a request's logs is at most the size in the cost calculation."""

import json
import re
import time

import requests

from tests.http_api import template
from tests.integration.stack import Stack
from tools.scale.usage import ACCESS_LOG_BYTES, FUNCTION_LOG_BYTES

CALLS = 5


def own_lines(stack: Stack, since: int) -> list[str]:
    """Return the lines that the rooms function has logged since then."""
    lines = stack.log.read_bytes()[since:].decode().splitlines()
    return [line for line in lines if line.startswith("{") and json.loads(line).get("service") == "rooms"]


def test_a_request_logs_no_more_than_is_paid_for(stack: Stack) -> None:
    headers = {"Authorization": f"Bearer {stack.token}"}
    requests.get(f"{stack.api}/rooms", headers=headers, timeout=30)
    since = stack.log.stat().st_size
    for _ in range(CALLS):
        requests.get(f"{stack.api}/rooms", headers=headers, timeout=30)
    deadline = time.monotonic() + 10
    while len(own_lines(stack, since)) < CALLS and time.monotonic() < deadline:
        time.sleep(0.05)
    lines = own_lines(stack, since)
    assert len(lines) >= CALLS
    logged = sum(len(line.encode()) for line in lines) / CALLS
    assert FUNCTION_LOG_BYTES / 4 < logged <= FUNCTION_LOG_BYTES


def test_the_access_log_of_a_request_is_no_longer_than_is_paid_for() -> None:
    form = template()["Resources"]["Api"]["Properties"]["AccessLogSettings"]["Format"]
    values = {
        "$context.requestTime": "25/Nov/2026:09:30:00 +0000",
        "$context.routeKey": "ANY /v2/recording-assets/{proxy+}",
        "$context.integration.requestId": "8f5cbb0c-3f6c-4b38-9f0c-5c8e4a1d2b3f",
        "$context.identity.sourceIp": "203.0.113.255",
        "$context.integrationErrorMessage": "-",
        "$context.requestId": "JKJaXmPLvHcESHA=",
    }
    for name, value in values.items():
        form = form.replace(name, value)
    form = re.sub(r"\$context\.\w+", "1234", form)
    assert ACCESS_LOG_BYTES / 2 < len(form) <= ACCESS_LOG_BYTES

"""`python -m tools.replay` resends the webhooks that a broken receiver missed."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import requests

from tests.http_api import ROOT
from tests.integration.stack import Stack
from tests.support.aws import functions_environment
from tests.support.servers import answer, serve


def replay(upstream: str, stack: Stack, start: datetime) -> subprocess.CompletedProcess[str]:
    with functions_environment(stack) as patch:
        patch.setenv("HMS_API_URL", f"{upstream}/v2")
        patch.setenv("PYTHONPATH", str(ROOT / "layers" / "common"))
        end = datetime.now(UTC) + timedelta(hours=1)
        times = [f"--from={start:%Y-%m-%dT%H:%M:%SZ}", f"--to={end:%Y-%m-%dT%H:%M:%SZ}"]
        command = [sys.executable, "-m", "tools.replay", *times]
        return subprocess.run(command, env=os.environ, capture_output=True, text=True, check=False)


def control(stack: Stack, method: str, path: str, body: object = None) -> requests.Response:
    response = requests.request(method, f"{stack.simulator}/_simulator/{path}", json=body, timeout=10)
    response.raise_for_status()
    return response


def test_webhooks_that_failed_are_sent_again_and_marked(stack: Stack) -> None:
    headers = {"Authorization": f"Bearer {stack.token}"}
    room = requests.post(f"{stack.api}/rooms", json={"name": "replayed"}, headers=headers, timeout=30).json()
    with serve(answer(500)) as receiver:
        control(stack, "PUT", "webhook", {"url": receiver.url, "headers": {}})
        control(stack, "POST", f"rooms/{room['id']}/peers", {"name": "Zoë", "role": "guest", "user_id": "zoe"})
        while len(control(stack, "GET", "deliveries").json()["deliveries"]) < 8:
            control(stack, "POST", "clock", {"advance_seconds": 20})
        lost = {json.loads(request.body)["id"] for request in receiver.requests}
        receiver.requests.clear()
        receiver.script[:] = [answer(200)]
        ended = replay(stack.simulator, stack, datetime.now(UTC) - timedelta(hours=1))
        again = [json.loads(request.body) for request in receiver.requests]
    assert ended.returncode == 0, ended.stderr
    assert {event["id"] for event in again if event["is_replay"]} == lost
    assert "completed, 2 of 2" in ended.stdout


def test_it_ends_with_an_error_where_webhooks_failed_again(stack: Stack) -> None:
    progress = {"total": 3, "completed": 2, "failed": 1}
    state = {"status": "completed_with_failures", "completed_at": "2026-03-04T09:30:00Z", "progress": progress}
    started = answer(200, b'{"workflow_id": "w1", "status": "started"}')
    with serve(started, answer(200, json.dumps(state).encode())) as upstream:
        ended = replay(upstream.url, stack, datetime.now(UTC) - timedelta(hours=1))
        assert [request.target for request in upstream.requests][1:] == ["/v2/analytics/webhooks/replay/w1"]
    assert (ended.returncode, ended.stderr.splitlines()[1:]) == (1, ["failed: 1"])


def test_a_time_before_the_history_of_100ms_is_refused(stack: Stack) -> None:
    ended = replay(stack.simulator, stack, datetime.now(UTC) - timedelta(days=31))
    assert ended.returncode == 1
    assert "start_time" in ended.stderr
    assert "Traceback" not in ended.stderr

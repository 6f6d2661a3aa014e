"""`make smoke` reads every section of a deployment, changes nothing, shows no secret and reports failures."""

import json
import os
import re
import secrets
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import boto3
import pytest
import requests

from hms_service.auth.scopes import SCOPED_RESOURCES
from tests.http_api import APP_TOKEN_OPERATIONS, contract_routes
from tests.integration.stack import ROOT, Stack, started_stack
from tests.integration.test_routes import make_the_next_answer, received
from tests.support.aws import functions_environment
from tests.support.client_keys import create_key
from tests.support.make import make_flags
from tests.support.servers import answer, serve

ROW = re.compile(r"GET (?P<route>.+?) +(?P<status>\d{3}|-) +(?P<ms>\d+|-)  (?P<verdict>.+)")

SUMMARY = re.compile(
    r"^Compared \d\d answers with the documentation: (?P<differ>\d+) of \d\d operations differ$", re.MULTILINE
)


@pytest.fixture
def environment(stack: Stack) -> Iterator[pytest.MonkeyPatch]:
    """AWS of the stack, and the app key pair."""
    with functions_environment(stack) as patch:
        patch.setenv("MAKEFLAGS", make_flags())
        patch.setenv("HMS_ACCESS_KEY", stack.access_key)
        patch.setenv("HMS_SECRET", stack.secret)
        yield patch


def smoke(api: str, *words: str) -> subprocess.CompletedProcess[str]:
    command = ["make", "-s", "smoke", f"API={api}", *words]
    return subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False)


def rows(run: subprocess.CompletedProcess[str]) -> dict[str, tuple[str, str]]:
    """Return status and verdict by route."""
    found = map(ROW.fullmatch, run.stdout.splitlines())
    return {row["route"]: (row["status"], row["verdict"]) for row in found if row}


def not_as_expected(run: subprocess.CompletedProcess[str]) -> set[str]:
    return {route for route, (_, verdict) in rows(run).items() if not verdict.startswith(("ok", "skipped"))}


def filled(stack: Stack) -> list[str]:
    """Create a resource of every kind in the stack. Returns the secrets among them."""
    headers = {"Authorization": f"Bearer {stack.token}"}

    def post(path: str, body: object = None) -> dict[str, object]:
        response = requests.post(f"{stack.api}{path}", json=body, headers=headers, timeout=30)
        response.raise_for_status()
        created: dict[str, object] = response.json()
        return created

    room = post("/rooms", {"name": "smoke"})["id"]
    codes = post(f"/room-codes/room/{room}")
    key = post(f"/stream-keys/room/{room}")
    peer = {"name": "Ada", "role": "host", "user_id": "ada"}
    requests.post(f"{stack.simulator}/_simulator/rooms/{room}/peers", json=peer, timeout=10).raise_for_status()
    where = {"meeting_url": "https://example.com/preview"}
    post(f"/recordings/room/{room}/start", where)
    post(f"/live-streams/room/{room}/start", where)
    post(f"/external-streams/room/{room}/start", where | {"rtmp_urls": ["rtmp://example.com/live"]})
    credentials = json.dumps([codes, key])
    return [
        stack.secret,
        *re.findall(r'"(?:code|key)": "([^"]+)"', credentials),
        *re.findall(r"rtmps?://[^\"]+", credentials),
    ]


def test_every_section_responds_and_the_first_item_of_each_list_is_read(
    stack: Stack, environment: pytest.MonkeyPatch
) -> None:
    filled(stack)
    run = smoke(stack.api)
    assert (run.returncode, not_as_expected(run)) == (0, set()), run.stdout
    found = rows(run)
    passed = {route for route, (_, verdict) in found.items() if verdict == "ok"}
    assert {route.split("/")[1] for route in passed} >= SCOPED_RESOURCES - {"tokens"} | {
        "token",
        "webhooks",
        "v2",
        "",
    }
    missing = {route for route, (status, _) in found.items() if status == "404"}
    not_yet_recorded = {"/sessions/{session_id}/attendance"}
    assert missing - not_yet_recorded == {"/no-such-route", "/polls/{poll_id}", "/analytics/peer-stats"}
    retrieved = ("/rooms/{room_id}", "/recordings/{recording_id}", "/live-streams/{stream_id}")
    more = ("/sessions/{session_id}", "/active-rooms/{room_id}/peers/{peer_id}")
    assert [found[route] for route in retrieved + more] == [("200", "ok")] * 5
    routes = [route for route in contract_routes() if route.operation not in APP_TOKEN_OPERATIONS]
    reads = {route.path for route in routes if route.method == "GET"}
    assert reads <= found.keys()
    assert [item["differ"] for item in SUMMARY.finditer(run.stdout)] == ["0"]


def test_responses_that_differ_from_the_documentation_are_reported_only(
    stack: Stack, environment: pytest.MonkeyPatch
) -> None:
    body = {"limit": "dozen", "data": [{"room_id": "lecture", "hidden": {"by": "Ada"}}]}
    make_the_next_answer(stack, path="/v2/sessions", status=200, body=body)
    run = smoke(stack.api)
    assert run.returncode == 0, run.stdout
    report = run.stdout.partition("Differences from the documentation (names and types only):\n")[2]
    lines = report.splitlines()
    assert lines[0] == "GET /sessions"
    assert {
        "  missing member  data[].id  (1 of 1)",
        "  missing member  last  (1 of 1)",
        "  other type  limit: string, documented: integer  (1 of 1)",
        "  unknown member  data[].hidden: object  (1 of 1)",
    } <= set(lines)
    assert [item["differ"] for item in SUMMARY.finditer(report)] == ["1"]
    assert not [value for value in ("Ada", "dozen", "lecture") if value in run.stdout]


def test_an_answer_that_is_not_json_differs(stack: Stack, environment: pytest.MonkeyPatch) -> None:
    with serve(answer(200, b"<html>")) as other:
        run = smoke(other.url)
    assert "  other type  (all): not JSON, documented: JSON  (1 of 1)" in run.stdout.splitlines()


def test_it_only_reads(stack: Stack, environment: pytest.MonkeyPatch) -> None:
    filled(stack)
    requests.delete(f"{stack.simulator}/_simulator/requests", timeout=10)
    smoke(stack.api)
    assert {request["method"] for request in received(stack)} == {"GET"}


def test_no_secret_no_token_and_no_room_code_is_printed(stack: Stack, environment: pytest.MonkeyPatch) -> None:
    stakes = filled(stack)
    make_the_next_answer(stack, path="/v2/room-codes/room/*", status=500, body={"message": stakes[1]})
    run = smoke(stack.api)
    assert len(stakes) >= 4
    assert not_as_expected(run)
    assert not [secret for secret in [*stakes, "eyJ"] if secret in run.stdout + run.stderr]


def test_a_failing_section_is_reported_with_its_request_id(stack: Stack, environment: pytest.MonkeyPatch) -> None:
    make_the_next_answer(stack, path="/v2/recordings", status=500, body={"message": "no"}, times=9)
    run = smoke(stack.api)
    assert run.returncode != 0
    assert not_as_expected(run) == {"/recordings"}
    status, verdict = rows(run)["/recordings"]
    assert status == "500"
    assert re.fullmatch(r"expected 200, request ID \S{8,}", verdict)


def test_a_client_key_needs_scopes_to_read_and_no_others(tmp_path: Path) -> None:
    scopes = {f"{section}:read" for section in SCOPED_RESOURCES - {"tokens"}}
    with started_stack(tmp_path / "stderr") as stack, functions_environment(stack) as patch:
        patch.setenv("MAKEFLAGS", make_flags())
        enough, too_few = (
            create_key(boto3.client("ssm"), "/hms", "smoke", sorted(given))
            for given in (scopes, scopes - {"templates:read"})
        )
        for (access_key, secret), expected in ((enough, set()), (too_few, {"/templates"})):
            patch.setenv("HMS_ACCESS_KEY", access_key)
            patch.setenv("HMS_SECRET", secret)
            assert not_as_expected(smoke(stack.api)) == expected


def test_a_wrong_pair_has_its_own_hint(stack: Stack, environment: pytest.MonkeyPatch) -> None:
    environment.setenv("HMS_SECRET", secrets.token_hex(32))
    run = smoke(stack.api)
    assert run.returncode != 0
    assert "AcceptAppKey" in run.stdout
    assert "/" not in not_as_expected(run)


def test_without_a_pair_in_the_environment_it_uses_the_pair_in_ssm(
    stack: Stack, environment: pytest.MonkeyPatch
) -> None:
    environment.delenv("HMS_ACCESS_KEY")
    environment.delenv("HMS_SECRET")
    environment.delenv("AWS_ENDPOINT_URL")
    run = smoke(stack.api, "LOCAL=1", f"AWS_PORT={urlsplit(stack.aws).port}")
    assert run.returncode == 0, run.stdout + run.stderr


def test_a_stage_without_a_pair_is_reported(stack: Stack, environment: pytest.MonkeyPatch) -> None:
    environment.delenv("HMS_ACCESS_KEY")
    run = smoke(stack.api, "STAGE=prod")
    assert run.stderr.startswith("HMS_ACCESS_KEY and HMS_SECRET must be set together")
    environment.delenv("HMS_SECRET")
    run = smoke(stack.api, "STAGE=prod")
    names = "/hms/prod/access_key, /hms/prod/secret"
    assert f"\nHMS_ACCESS_KEY is not set, and SSM does not contain {names}\n" in run.stderr


@pytest.mark.parametrize(
    ("status", "body", "route"),
    [
        pytest.param(404, b'{"code": 404, "message": "Not found", "details": []}', "/polls/{poll_id}", id="no section"),
        pytest.param(404, b'{"message": "Not Found"}', "/no-such-route", id="another envelope"),
        pytest.param(200, b"{}", "/rooms without a token", id="no authentication"),
    ],
)
def test_another_api_is_reported(environment: pytest.MonkeyPatch, status: int, body: bytes, route: str) -> None:
    with serve(answer(status, body)) as other:
        run = smoke(other.url)
    assert run.returncode != 0
    assert route in not_as_expected(run)


def test_an_unreachable_api_is_reported(environment: pytest.MonkeyPatch) -> None:
    run = smoke("http://127.0.0.1:9")
    assert rows(run)["/"] == ("-", "not reachable: ConnectionError")
    assert run.returncode != 0


def test_without_a_url_it_says_which_is_needed(environment: pytest.MonkeyPatch) -> None:
    assert smoke("").stderr.startswith("API: must be a URL")

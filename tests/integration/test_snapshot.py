"""SnapStart: no secret is read before the first event, and restored containers share no unique value."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from hms.http.backoff import RetryPolicy
from hms.tokens import sign_management_token
from tests.http_api import ROOT
from tests.support.functions import http_event, load
from tests.support.lambda_context import Context
from tests.support.servers import ScriptedServer, answer, serve

FOLDERS = sorted(app.parent.name for app in (ROOT / "functions").glob("*/app.py"))
PAIR = {"/hms/access_key": "key", "/hms/secret": "s" * 32}
GIVEN = [{"Name": name, "Value": value} for name, value in PAIR.items()]
TEMPORARY = {
    "AccessKeyId": "restored",
    "SecretAccessKey": "x" * 20,
    "Token": "y" * 20,
    "Expiration": "2099-01-01T00:00:00Z",
}


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedServer]:
    """The services that a function can call: AWS, 100ms, and the credentials endpoint after a restore."""
    with serve(answer(body=json.dumps({"Parameters": GIVEN, **TEMPORARY}).encode())) as upstream:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("AWS_REGION", "us-east-1")
        monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"{upstream.url}/credentials")
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(Path("/nowhere")))
        monkeypatch.setenv("AWS_ENDPOINT_URL", upstream.url)
        monkeypatch.setenv("HMS_API_URL", f"{upstream.url}/v2")
        yield upstream


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_function_makes_no_call_before_its_first_event(world: ScriptedServer, folder: str) -> None:
    load(folder)
    assert world.requests == []


def test_the_first_event_uses_the_aws_credentials_after_the_restore(
    world: ScriptedServer,
) -> None:
    rooms = load("rooms")
    event = http_event("GET", "/rooms", authorization=f"Bearer {sign_management_token('key', PAIR['/hms/secret'])}")
    assert rooms.handler(event, Context())["statusCode"] == 200
    credentials, parameters, *_ = world.requests
    assert credentials.target == "/credentials"
    assert parameters.headers["x-amz-target"] == "AmazonSSM.GetParameters"
    assert "Credential=restored/" in parameters.headers["authorization"]
    assert parameters.headers["x-amz-security-token"] == TEMPORARY["Token"]


def test_containers_that_share_a_snapshot_do_not_pause_alike() -> None:
    pauses = []
    for _ in range(2):
        random.seed(0)
        pauses.append([RetryPolicy(max_attempts=4, base_seconds=1).random_delay(tried) for tried in range(1, 4)])
    assert pauses[0] != pauses[1]
    assert all(0 <= pause <= 2**tried for tried, pause in enumerate(pauses[0]))

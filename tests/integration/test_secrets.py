"""Logs and responses contain no secrets, even with all loggers at DEBUG."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests

from hms.tokens import sign_app_token, sign_management_token
from tests.http_api import ROOT
from tests.integration.stack import Stack
from tests.integration.test_access import events
from tests.support.aws import functions_environment
from tests.support.client_keys import create_key, revoke
from tests.support.issuer import AUDIENCE, running_issuer

TOKENS = ("a token of the app's key", "a token of a client key", "a forged token", "an app token")
OF_100MS = {name: secrets.token_hex(16) for name in ("token", "code", "key", "secret")}
"""The secret in the response of 100ms: returned to the caller, but not logged."""


@dataclass(frozen=True)
class Heard:
    """The result of a run: its output, its responses, and the secrets in use by name."""

    written: str
    answers: list[dict[str, Any]]
    stakes: dict[str, str]


@pytest.fixture(scope="module")
def heard(running_stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Heard]:
    """Every route called with each of the tokens, in one process with all loggers at DEBUG."""
    with functions_environment(running_stack) as patch, running_issuer() as issuer:
        sign_in = {"ISSUER": issuer.url, "AUDIENCE": AUDIENCE, "ROLES": "host", "ROOM_CLAIM": "*"}
        for name, value in sign_in.items():
            patch.setenv(f"HMS_OIDC_{name}", value)
        access_key, secret = create_key(boto3.client("ssm"), "/hms", "loud", ["*"])
        stakes = {
            "the app's secret": running_stack.secret,
            "a client key's secret": secret,
            "a token of the app's key": running_stack.token,
            "a token of a client key": sign_management_token(access_key, secret),
            "a forged token": sign_management_token(running_stack.access_key, secrets.token_hex(32)),
            "an app token": sign_app_token(
                running_stack.access_key, running_stack.secret, room_id="r", role="host", user_id="u"
            ),
            "a room code": f"{secrets.token_hex(2)}-{secrets.token_hex(2)}-{secrets.token_hex(2)}",
            "AWS's secret key": secrets.token_hex(20),
            "AWS's session token": secrets.token_hex(100),
        }
        patch.setenv("AWS_SECRET_ACCESS_KEY", stakes["AWS's secret key"])
        patch.setenv("AWS_SESSION_TOKEN", stakes["AWS's session token"])
        for name in ("POWERTOOLS_DEV", "POWERTOOLS_DEBUG", "POWERTOOLS_LOGGER_LOG_EVENT"):
            patch.setenv(name, "true")
        patch.setenv("POWERTOOLS_LOG_LEVEL", "DEBUG")
        patch.setenv("PYTHONPATH", f"{ROOT / 'layers' / 'common'}{os.pathsep}{ROOT}")
        requests.post(f"{running_stack.simulator}/_simulator/reset", timeout=10).raise_for_status()
        fault = {"status": 200, "body": OF_100MS, "times": 10_000}
        requests.post(f"{running_stack.simulator}/_simulator/faults", json=fault, timeout=10).raise_for_status()
        yield run(calls(stakes), stakes, tmp_path_factory.mktemp("loud") / "answers")
        revoke(boto3.client("ssm"), "/hms", access_key)
        requests.post(f"{running_stack.simulator}/_simulator/reset", timeout=10).raise_for_status()


def calls(stakes: dict[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    exchange = ""
    for route, event in events().items():
        sample = json.dumps(event).replace("MANAGEMENT_TOKEN", "TOKEN").replace("APP_TOKEN", "TOKEN")
        if route.operation == "exchangeRoomCodeForToken":
            exchange = sample = sample.replace(event["rawPath"].rpartition("/")[2], stakes["a room code"])
        for name in TOKENS:
            yield route.folder, json.loads(sample.replace("TOKEN", stakes[name]))
    no_route = {"rawPath": f"/room-codes/code/{stakes['a room code']}/x"}
    yield "room_codes", json.loads(exchange) | no_route


def run(calls: Iterator[tuple[str, dict[str, Any]]], stakes: dict[str, str], answers: Path) -> Heard:
    lines = "".join(f"{json.dumps(call)}\n" for call in calls)
    command = [sys.executable, "-m", "tests.support.debug_logging", str(answers)]
    done = subprocess.run(command, cwd=ROOT, input=lines, capture_output=True, text=True, check=False, timeout=50)
    assert done.returncode == 0, done.stderr[-2000:]
    found = [json.loads(line) for line in answers.read_text().splitlines()]
    return Heard(done.stdout + done.stderr, found, stakes)


def test_the_run_is_as_loud_and_as_wide_as_it_claims(heard: Heard) -> None:
    assert "DEBUG:tests.support.debug_logging:" in heard.written
    assert "/room-codes/code/<code>" in heard.written
    statuses = [answer["statusCode"] for answer in heard.answers]
    assert len(statuses) == len(TOKENS) * len(events()) + 1
    assert {200, 201, 401, 404} <= set(statuses)
    assert max(statuses) < 500


def test_libraries_that_see_paths_and_headers_are_quiet_at_debug(heard: Heard) -> None:
    for library in ("urllib3", "botocore", "aws_lambda_powertools"):
        assert f"DEBUG:{library}" not in heard.written


def test_no_secret_token_or_room_code_is_in_any_log(heard: Heard) -> None:
    minted = [json.loads(answer["body"])["token"] for answer in heard.answers if answer["statusCode"] == 201]
    stakes = heard.stakes | OF_100MS | {f"minted {number}": token for number, token in enumerate(minted)}
    assert minted
    assert [name for name, secret in stakes.items() if secret in heard.written] == []


def test_no_secret_is_in_any_answer(heard: Heard) -> None:
    answers = json.dumps(heard.answers)
    assert OF_100MS["token"] in answers
    assert [name for name, secret in heard.stakes.items() if secret in answers] == []

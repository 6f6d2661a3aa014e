"""`make credentials` stores the app key pair and the webhook secret in SSM and shows them nowhere."""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import boto3
import pytest

from tests.http_api import ROOT
from tests.integration.stack import Stack
from tests.support.aws import functions_environment
from tests.support.make import TOOLS, make_flags
from tests.support.terminal import at_terminal

PREFIX = "/hms/dev"
NAMES = ("access_key", "secret", "webhook_secret")


@pytest.fixture
def environment(stack: Stack) -> Iterator[pytest.MonkeyPatch]:
    """AWS of the stack, with an empty SSM for the stage."""
    with functions_environment(stack) as patch:
        patch.setenv("MAKEFLAGS", make_flags())
        for name in ("ACCESS_KEY", "SECRET", "WEBHOOK_SECRET", "MFLAGS", "MAKELEVEL"):
            patch.delenv(name, raising=False)
        yield patch
        boto3.client("ssm").delete_parameters(Names=[f"{PREFIX}/{name}" for name in NAMES])


def put(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "-s", "credentials", *words],
        cwd=ROOT,
        env={**os.environ, **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def kept(prefix: str = PREFIX) -> dict[str, str]:
    names = [f"{prefix}/{name}" for name in NAMES]
    found = boto3.client("ssm").get_parameters(Names=names, WithDecryption=True)["Parameters"]
    assert {parameter["Type"] for parameter in found} <= {"SecureString"}
    return {parameter["Name"].rpartition("/")[2]: parameter["Value"] for parameter in found}


def new_pair() -> dict[str, str]:
    return {"ACCESS_KEY": secrets.token_hex(12), "SECRET": secrets.token_urlsafe(48)}


def as_kept(given: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in given.items()}


def words(given: dict[str, str]) -> list[str]:
    return [f"{name}={value}" for name, value in given.items()]


def test_a_pair_on_the_command_line_is_stored_for_the_stage_not_printed(environment: pytest.MonkeyPatch) -> None:
    given = new_pair()
    run = put("STAGE=dev", *words(given))
    assert (run.returncode, run.stderr.count("\n")) == (0, 1)
    assert kept() == as_kept(given)
    assert run.stdout == "stored /hms/dev/access_key\nstored /hms/dev/secret\n"


def test_existing_values_are_replaced_and_the_webhook_secret_is_stored(environment: pytest.MonkeyPatch) -> None:
    put("STAGE=dev", *words(new_pair()))
    given = new_pair() | {"WEBHOOK_SECRET": f"{secrets.token_hex(8)},{secrets.token_hex(8)}"}
    assert put("STAGE=dev", **given).returncode == 0
    assert kept() == as_kept(given)


def test_the_webhook_secret_alone_leaves_the_pair_as_it_is(environment: pytest.MonkeyPatch) -> None:
    pair, webhook = new_pair(), {"WEBHOOK_SECRET": secrets.token_hex(8)}
    put("STAGE=dev", **pair)
    assert put("STAGE=dev", **webhook).stdout == "stored /hms/dev/webhook_secret\n"
    assert kept() == as_kept(pair | webhook)


def test_a_dollar_sign_and_quotes_reach_ssm_as_they_were_typed(environment: pytest.MonkeyPatch) -> None:
    given = {"WEBHOOK_SECRET": "a$b$(c)`d`'e\"f#g\\"}
    put("STAGE=dev", *words(given))
    assert kept() == as_kept(given)


def test_local_puts_into_the_local_stack_where_that_looks(stack: Stack, environment: pytest.MonkeyPatch) -> None:
    environment.delenv("AWS_ENDPOINT_URL")
    given = {"ACCESS_KEY": stack.access_key, "SECRET": stack.secret}
    run = put("LOCAL=1", "STAGE=dev", f"AWS_PORT={urlsplit(stack.aws).port}", *words(given))
    assert run.stdout == "stored /hms/access_key\nstored /hms/secret\n"
    environment.setenv("AWS_ENDPOINT_URL", stack.aws)
    assert kept() == {}
    assert kept("/hms").items() >= as_kept(given).items()


def test_no_secret_stands_on_a_command_line(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    python, seen = tmp_path / "python", tmp_path / "seen"
    python.write_text(f'#!/bin/sh\ncat /proc/[0-9]*/cmdline >> {seen} 2>/dev/null\nexec {TOOLS / "python"} "$@"\n')
    python.chmod(0o755)
    environment.setenv("MAKEFLAGS", make_flags(tmp_path))
    given = new_pair() | {"WEBHOOK_SECRET": secrets.token_hex(8)}
    assert put("STAGE=dev", **given).returncode == 0
    command_lines = seen.read_text(errors="replace")
    assert "tools.credentials" in command_lines
    assert not [value for value in given.values() if value in command_lines]

    seen.unlink()
    assert put("STAGE=dev", *words(given)).returncode == 0
    assert seen.read_text(errors="replace").count(f"SECRET={given['SECRET']}") == 2, "one for each look at make's own"


def test_missing_credentials_are_prompted_for_and_the_secret_is_not_echoed(environment: pytest.MonkeyPatch) -> None:
    given = new_pair()
    answers = [(f"{name}: ", value) for name, value in given.items()]
    status, screen = at_terminal(["make", "-s", "credentials", "STAGE=dev"], os.environ, *answers)
    assert status == 0
    assert kept() == as_kept(given)
    assert given["SECRET"] not in screen

    given |= {"SECRET": secrets.token_urlsafe(48)}
    command = ["make", "-s", "credentials", "STAGE=dev", f"ACCESS_KEY={given['ACCESS_KEY']}"]
    status, screen = at_terminal(command, os.environ, ("SECRET: ", given["SECRET"]))
    assert status == 0
    assert kept() == as_kept(given)
    assert not [value for value in given.values() if value in screen]


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"ACCESS_KEY": "access key"}, "ACCESS_KEY"),
        ({"SECRET": "one,two"}, "SECRET"),
        ({"SECRET": "sécret"}, "SECRET"),
        ({"SECRET": "x" * 4097}, "SECRET"),
        ({"WEBHOOK_SECRET": "one,two,three"}, "WEBHOOK_SECRET"),
        ({"WEBHOOK_SECRET": "one,"}, "WEBHOOK_SECRET"),
        ({"WEBHOOK_SECRET": "one, two"}, "WEBHOOK_SECRET"),
    ],
)
def test_nothing_is_stored_if_one_credential_is_invalid(
    environment: pytest.MonkeyPatch, wrong: dict[str, str], name: str
) -> None:
    given = new_pair() | wrong
    run = put("STAGE=dev", **given)
    assert run.returncode != 0
    assert f"{name}: must be" in run.stderr
    assert not [value for value in given.values() if value in run.stdout + run.stderr]
    assert kept() == {}


def test_a_client_key_is_not_stored_as_the_pair_of_the_app(environment: pytest.MonkeyPatch) -> None:
    run = put("STAGE=dev", **new_pair() | {"ACCESS_KEY": "hk1.abcd.e30"})
    assert run.returncode != 0
    assert "ACCESS_KEY: must be the access key of the 100ms app, not a client key" in run.stderr
    assert kept() == {}


def test_an_empty_answer_is_none(environment: pytest.MonkeyPatch) -> None:
    command = ["make", "-s", "credentials", "STAGE=dev", "ACCESS_KEY=abc"]
    status, screen = at_terminal(command, os.environ, ("SECRET: ", ""))
    assert status != 0
    assert "SECRET: must be" in screen
    assert kept() == {}


def test_without_a_terminal_the_missing_one_is_named_in_one_line(environment: pytest.MonkeyPatch) -> None:
    run = put("STAGE=dev", "ACCESS_KEY=abc")
    assert run.stderr.splitlines()[1] == "SECRET: is required; there is no terminal to prompt for it"
    assert "Traceback" not in run.stderr
    assert kept() == {}


def test_an_error_of_ssm_is_shown_without_the_secret(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("HMS_PARAMETER_PREFIX", "/aws/hms")
    given = new_pair()
    run = subprocess.run(
        [sys.executable, "-m", "tools.credentials"],
        cwd=ROOT,
        env={**os.environ, **given, "PYTHONPATH": "layers/common"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert "\n/aws/hms/access_key: not stored: " in run.stderr
    assert run.stderr.endswith("(already stored: none)\n")
    assert not [value for value in given.values() if value in run.stderr]


def test_the_master_of_client_keys_is_created_once(environment: pytest.MonkeyPatch) -> None:
    assert put("STAGE=dev", **new_pair()).returncode == 0
    names = [f"{PREFIX}/client_key_master", f"{PREFIX}/revoked_client_keys_1"]
    ssm = boto3.client("ssm")
    first = {item["Name"]: item["Value"] for item in ssm.get_parameters(Names=names)["Parameters"]}
    assert put("STAGE=dev", **new_pair()).returncode == 0
    second = {item["Name"]: item["Value"] for item in ssm.get_parameters(Names=names)["Parameters"]}
    assert first == second
    assert first[names[1]] == "none"
    assert len(first) == 2

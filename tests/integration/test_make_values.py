"""Values of `make` variables reach the commands unchanged. Neither make nor the shell executes them."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from hms.tokens import sign_management_token
from tests.http_api import ROOT
from tests.integration.stack import Stack
from tests.support.make import make_flags

pytestmark = pytest.mark.storm

MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = sorted(set(re.findall(r"^([a-z0-9-]+):.*## ", MAKEFILE, re.MULTILINE)) - {"help"})
READ = set(re.findall(r"(?:\$\${?|\(value )([A-Z][A-Z_]+)", MAKEFILE)) - {"BIN"}
DEFAULTED = set(re.findall(r"^(?:export )?([A-Z_]+) \?=", MAKEFILE, re.MULTILINE))
SETTINGS = {"PORT", "AWS_PORT", "SIMULATOR_PORT", "UPSTREAM", "HMS_ACCESS_KEY", "HMS_SECRET", "AWS_REGION"}
SETTINGS |= {"ACCESS_KEY", "SECRET", "WEBHOOK_SECRET", "CHROMIUM"}
VARIABLES = sorted(READ | DEFAULTED | SETTINGS)

HOSTILE = [
    "x' ; touch p ; '",
    'x" ; touch p ; "',
    "x ; touch p",
    "x && touch p #",
    "$(touch p)",
    "`touch p`",
    "$(shell touch p)",
    "$$(touch p)",
    "${shell touch p}",
    "x\ntouch p\n",
    "x \\' ; touch p",
    "-e1e touch p",
]
ARRIVES = {
    ("key", "NAME"): "--name={}",
    ("key", "SCOPES"): "--scopes={}",
    ("key", "ROLES"): "--roles={}",
    ("key", "ROOMS"): "--rooms={}",
    ("replay", "FROM"): "--from={}",
    ("replay", "TO"): "--to={}",
    ("drift", "FROM"): "--from={}",
    ("drift", "TO"): "--to={}",
    ("drift", "STAGE"): "--stage={}",
    ("smoke", "API"): "{}",
    ("key", "STAGE"): "{}",
    ("build", "STAGE"): "{}",
    ("deploy", "STAGE"): "{}",
    ("invoke", "FUNCTION"): "{}",
    ("invoke", "EVENT"): "{}",
}
STUB = f"""#!{sys.executable} -IS
import json, os, sys
with open(os.environ["CALLS"], "a") as calls:
    calls.write(json.dumps([sys.argv, dict(os.environ)]) + "\\n")
"""


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    """The Makefile with commands that only record their arguments. No file `p` may be created."""
    folder = tmp_path / "project"
    tools = ("python", "pytest", "sam", "uv", "ruff", "mypy", "lint-imports", "cfn-lint")
    commands = [f".venv/bin/{name}" for name in tools]
    for command in [*commands, "tools/build", "tools/invoke", "tools/audit", "tools/with-lambda-image"]:
        (folder / command).parent.mkdir(parents=True, exist_ok=True)
        (folder / command).write_text(STUB)
        (folder / command).chmod(0o755)
    shutil.copy(ROOT / "Makefile", folder)
    for name in ("requirements-dev.txt", "template.yaml"):
        (folder / name).touch()
    (folder / ".venv/.installed").touch()
    yield folder
    assert not (folder / "p").exists()


def make(
    project: Path, values: dict[str, str], *targets: str, by_environment: bool
) -> list[tuple[list[str], dict[str, str]]]:
    """Run make. Returns the arguments and environment of each command that was called."""
    calls = project / "calls"
    calls.write_text("")
    given = [] if by_environment else [f"{name}={value}" for name, value in values.items()]
    own = {"PATH": os.environ["PATH"], "CALLS": str(calls), **(values if by_environment else {})}
    subprocess.run(["make", "-s", *targets, *given], cwd=project, env=own, capture_output=True, check=False)
    return [tuple(json.loads(line)) for line in calls.read_text().splitlines()]


def test_the_variables_are_found_where_recipes_read_them() -> None:
    named = {"NAME", "SCOPES", "ROLES", "ROOMS", "FROM", "TO", "API", "STAGE", "LOCAL", "FUNCTION", "EVENT", "BREAKING"}
    assert named | {"PYTHON"} <= set(VARIABLES)


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("by_environment", [False, True])
def test_no_target_runs_what_a_variable_holds(project: Path, value: str, by_environment: bool) -> None:
    values = dict.fromkeys(VARIABLES, value)
    assert len(make(project, values, *TARGETS, by_environment=by_environment)) >= len(TARGETS)
    (project / ".venv/.installed").unlink()
    make(project, values, "lint", by_environment=by_environment)


@pytest.mark.parametrize("by_environment", [False, True])
@pytest.mark.parametrize(("target", "variable"), ARRIVES)
def test_a_value_arrives_as_it_was_typed(project: Path, target: str, variable: str, by_environment: bool) -> None:
    for value in [*HOSTILE, "Ada's laptop", "a  b", "--help", "☃"]:
        calls = make(project, {variable: value}, target, by_environment=by_environment)
        assert any(ARRIVES[target, variable].format(value) in arguments for arguments, _ in calls)


@pytest.mark.parametrize("by_environment", [False, True])
@pytest.mark.parametrize("variable", sorted(SETTINGS))
def test_a_setting_arrives_in_the_environment_as_it_was_typed(
    project: Path, variable: str, by_environment: bool
) -> None:
    for value in HOSTILE:
        ((_, environment),) = make(project, {variable: value}, "run", by_environment=by_environment)
        assert environment[variable] == value


@pytest.mark.parametrize("value", HOSTILE)
def test_a_make_that_a_tool_calls_gets_none_of_the_values(project: Path, value: str) -> None:
    ((_, environment),) = make(project, {"NAME": value}, "run", by_environment=False)
    assert value.replace("$", "$$") not in environment.get("MAKEFLAGS", "")
    assert "touch" not in environment.get("MAKEFLAGS", "")


@pytest.mark.parametrize("value", HOSTILE)
def test_a_function_is_invoked_with_an_event_whose_name_is_no_command(project: Path, value: str) -> None:
    shutil.copy(ROOT / "tools/invoke", project / "tools")
    for function, event in ((value, "event.json"), ("RoomsFunction", value), ("--help", "event.json")):
        (project / "event.json").write_text("{}")
        make(project, {"FUNCTION": function, "EVENT": event}, "invoke", by_environment=False)


def make_key(stack: Stack, name: str) -> subprocess.CompletedProcess[str]:
    words = ["LOCAL=1", f"AWS_PORT={urlsplit(stack.aws).port}", f"NAME={name}", "SCOPES=rooms:read"]
    environment = {"PATH": os.environ["PATH"], "MAKEFLAGS": make_flags()}
    return subprocess.run(
        ["make", "-s", "key", *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_a_client_key_is_made_and_works_at_once(stack: Stack) -> None:
    pair = dict(line.split("=", 1) for line in make_key(stack, "Adas-laptop").stdout.splitlines())
    token = sign_management_token(pair["HMS_ACCESS_KEY"], pair["HMS_SECRET"])
    headers = {"authorization": f"Bearer {token}"}
    assert requests.get(f"{stack.api}/rooms", headers=headers, timeout=10).status_code == 200


def test_a_name_with_an_apostrophe_is_refused_by_the_command_not_by_the_shell(stack: Stack) -> None:
    run = make_key(stack, "Ada's laptop")
    assert run.returncode != 0
    assert "name: must be 1 to 32 letters, digits, dots, underscores or hyphens" in run.stderr

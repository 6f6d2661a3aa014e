"""The workflows of GitHub Actions: their steps run in bash, with the commands of this project."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from samcli.yamlhelper import yaml_parse

from tests.http_api import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
STUBS = {
    "make": 'echo "make $*" >> "$CALLS"',
    "aws": 'echo "aws $*" >> "$CALLS"; echo https://api.example.com',
}


def jobs(path: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml_parse(path.read_text())["jobs"]
    return found


def run_steps(path: Path) -> list[str]:
    return [step["run"] for job in jobs(path).values() for step in job["steps"] if "run" in step]


def calls_of(path: Path, folder: Path, **variables: str) -> list[str]:
    """Run the steps as GitHub does (`bash -e`), with recorded commands."""
    for name, script in STUBS.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    environment = {"PATH": f"{folder}:{os.environ['PATH']}", "CALLS": str(folder / "calls"), **variables}
    for step in run_steps(path):
        subprocess.run(["bash", "-eo", "pipefail", "-c", step], env=environment, check=True)
    return (folder / "calls").read_text().splitlines()


def test_a_stage_is_deployed_without_prompts_and_then_checked(tmp_path: Path) -> None:
    deploy, describe, smoke = calls_of(ROOT / ".github/workflows/deploy.yml", tmp_path, STAGE="dev")
    assert deploy == "make deploy CONFIRM=no PYTHON=python"
    assert describe.startswith("aws cloudformation describe-stacks --stack-name hms-dev ")
    assert smoke == "make smoke API=https://api.example.com"


def test_ci_runs_the_tests_and_the_tests_with_docker(tmp_path: Path) -> None:
    path = ROOT / ".github/workflows/ci.yml"
    assert calls_of(path, tmp_path) == ["make test PYTHON=python", "make e2e PYTHON=python"]
    assert jobs(path)["test"]["strategy"]["matrix"] == {
        "os": ["ubuntu-latest", "macos-latest"],
        "python": ["3.11", "3.13"],
    }


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_no_step_contains_an_expression_that_a_caller_controls(path: Path) -> None:
    assert not [step for step in run_steps(path) if "${{" in step]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_no_aws_key_is_stored_and_the_token_reads_only(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"aws.(access.key|secret)", text, re.IGNORECASE)
    permissions = yaml_parse(text)["permissions"]
    assert permissions["contents"] == "read"
    assert permissions.keys() <= {"contents", "id-token"}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_the_targets_are_those_of_the_makefile(path: Path) -> None:
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {target for step in run_steps(path) for target in re.findall(r"\bmake ([a-z0-9-]+)", step)} <= targets

"""docs/testing.md works as written, outside the repository, in an empty virtual environment."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
import yaml

from tests.docs.snippets import snippets
from tests.http_api import ROOT

PAGE = ROOT / "docs" / "testing.md"
JEST_FILES = ("hms-simulator.js", "hms-simulator-stop.js", "jest.config.js", "hms.test.js")

pytestmark = [pytest.mark.storm, pytest.mark.timeout(300)]


def blocks(language: str) -> list[str]:
    """Return the code blocks of the page in a language."""
    return [snippet.text for snippet in snippets(PAGE) if snippet.language == language]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The variables of a shell in which the package and pytest are installed, and nothing of the repository is."""
    folder = tmp_path_factory.mktemp("reader")
    (folder / "hms").symlink_to(ROOT)
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    variables = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    variables |= {"PATH": f"{folder / 'venv' / 'bin'}:{os.environ['PATH']}", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    for command in (blocks("sh")[0], "pip install --quiet pytest"):
        subprocess.run(["bash", "-euc", command], cwd=folder, env=variables, check=True, capture_output=True)
    return variables


@pytest.fixture
def started(environment: dict[str, str], tmp_path: Path) -> Iterator[dict[str, str]]:
    """The line of JSON that the command of the Docker image prints, on another port."""
    (command,) = re.findall(r"^CMD (.*)$", blocks("dockerfile")[0], re.MULTILINE)
    program, *options, _ = json.loads(command)
    with subprocess.Popen(
        [program, *options, "0"], cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
        process.terminate()


def test_the_command_prints_what_the_page_shows(started: dict[str, str]) -> None:
    (documented,) = map(json.loads, blocks("json"))
    assert started | {"url": documented["url"]} == documented


def test_the_installed_simulator_reads_the_whole_contract(started: dict[str, str]) -> None:
    event = {"type": "recording.success", "room_id": "", "data": {}}
    refused = requests.post(f"{started['url']}/_simulator/events", json=event, timeout=30)
    assert refused.json()["message"] == "Room not found"
    target = {"url": "https://example.com/hook", "headers": {"x": 1}}
    refused = requests.put(f"{started['url']}/_simulator/webhook", json=target, timeout=30)
    assert refused.json()["message"] == "Invalid body param"


def test_the_pytest_plugin_runs_the_tests_of_the_page(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "test_page.py").write_text(blocks("python")[0])
    done = subprocess.run(["pytest", "-q"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert "2 passed" in done.stdout, done.stdout


@pytest.mark.skipif(not shutil.which("npm"), reason="Jest needs Node and npm")
def test_jest_runs_the_test_of_the_page(environment: dict[str, str], tmp_path: Path) -> None:
    for name, text in zip(JEST_FILES, blocks("js"), strict=True):
        assert name == "hms.test.js" or f"`{name}`" in PAGE.read_text()
        (tmp_path / name).write_text(text)
    install = ["npm", "install", "--silent", "--no-audit", "--no-fund", "jest@29"]
    subprocess.run(install, cwd=tmp_path, check=True, capture_output=True)
    command = ["npx", "jest", "--runInBand"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "1 passed" in done.stderr


@pytest.mark.skipif(not shutil.which("jq"), reason="the runners of GitHub have jq")
def test_bash_runs_the_steps_of_the_workflow(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "hms").symlink_to(ROOT)
    variables = tmp_path / "variables"
    variables.touch()
    (job,) = yaml.safe_load(blocks("yaml")[0])["jobs"].values()
    steps = [step["run"] for step in job["steps"] if "run" in step]
    groups = []
    try:
        for step in steps:
            passed_on = dict(line.split("=", 1) for line in variables.read_text().splitlines())
            with (tmp_path / "output").open("w+") as output:
                process = subprocess.Popen(
                    ["bash", "-e", "-c", step],
                    cwd=tmp_path,
                    env=environment | passed_on | {"GITHUB_ENV": str(variables)},
                    stdout=output,
                    stderr=output,
                    start_new_session=True,
                )
                groups.append(process.pid)
                assert process.wait(120) == 0, step
        assert (tmp_path / "output").read_text() == '{"rooms":[]}\n'
    finally:
        for group in groups:
            stop_group(group)


def stop_group(group: int) -> None:
    """Stop what a step of the workflow left running."""
    try:
        os.killpg(group, signal.SIGTERM)
    except ProcessLookupError:
        return


def test_docker_builds_the_image(tmp_path: Path) -> None:
    if not shutil.which("docker") or subprocess.run(["docker", "info"], capture_output=True, check=False).returncode:
        pytest.skip("no Docker daemon is running")
    shutil.copytree(ROOT / "simulator", tmp_path / "hms" / "simulator")
    (tmp_path / "Dockerfile").write_text(blocks("dockerfile")[0])
    subprocess.run(["docker", "build", "--quiet", "."], cwd=tmp_path, check=True, capture_output=True)

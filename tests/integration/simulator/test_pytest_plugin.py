"""The pytest plugin gives each test a simulator in its initial state."""

import subprocess
import sys
from pathlib import Path

from tests.http_api import ROOT

LEAVES_STATE = """
import requests
from simulator.pytest_plugin import HmsSimulator
from tests.integration.simulator.client import Client, sign

def client(hms_simulator: HmsSimulator) -> Client:
    return Client(hms_simulator.url, sign(hms_simulator.secret, access_key=hms_simulator.access_key))

def test_leaves_state(hms_simulator: HmsSimulator) -> None:
    assert client(hms_simulator).post_json("/v2/rooms", {"name": "lobby"})["name"] == "lobby"
    hms_simulator.control.add_fault(path="/v2/rooms", status=503)

def test_has_none(hms_simulator: HmsSimulator) -> None:
    assert hms_simulator.control.requests() == []
    assert client(hms_simulator).get_json("/v2/rooms")["data"] == []
"""
USES_NO_FIXTURE = """
import sys

def test_loads_no_server() -> None:
    assert "simulator.pytest_plugin" in sys.modules
    assert not {"flask", "simulator.server"} & set(sys.modules)
"""


def run(text: str, folder: Path) -> str:
    """Run a test file with the plugin. Returns the summary."""
    (folder / "test_file.py").write_text(text)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "simulator.pytest_plugin", "-p", "no:schemathesis"]
    return subprocess.run(
        [*command, "--rootdir", folder, folder], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout


def test_each_test_gets_a_simulator_in_its_initial_state(tmp_path: Path) -> None:
    assert "2 passed" in run(LEAVES_STATE, tmp_path)


def test_without_its_fixture_the_plugin_loads_no_server(tmp_path: Path) -> None:
    assert "1 passed" in run(USES_NO_FIXTURE, tmp_path)

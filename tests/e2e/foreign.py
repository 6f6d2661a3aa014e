"""Runs programs in other languages that call the API as public clients do and print the results."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import requests

from tests.integration.stack import Stack


class Call(NamedTuple):
    """A request that 100ms received."""

    method: str
    path: str
    query: str = ""
    body: str = ""


def need(tool: str, *files: str, packages: str) -> None:
    """Skip the test if the tool or one of its files is missing. Fails in CI, which installs them."""
    if shutil.which(tool) and all(Path(file).exists() for file in files):
        return
    (pytest.fail if os.environ.get("CI") else pytest.skip)(f"not installed; on Debian: apt-get install {packages}")


def run(stack: Stack, *command: str | Path, **variables: str) -> list[str]:
    """Run the program on the API. Returns the lines that it printed, each `METHOD /path status`."""
    environment = {
        "PATH": os.environ["PATH"],
        "API_URL": stack.api,
        "HMS_ACCESS_KEY": stack.access_key,
        "HMS_SECRET": stack.secret,
        **variables,
    }
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()


def received(stack: Stack) -> list[Call]:
    """Return the requests that 100ms received, with `ROOM` instead of the ID of its only room."""
    logged: list[dict[str, Any]] = requests.get(f"{stack.simulator}/_simulator/requests", timeout=10).json()["requests"]
    (room,) = requests.get(f"{stack.simulator}/_simulator/rooms", timeout=10).json()["rooms"]
    return [
        Call(*(request[name].replace(room["id"], "ROOM") for name in ("method", "path", "query", "body")))
        for request in logged
    ]

"""The project in a folder whose name contains characters that shells, make and globs interpret."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.http_api import ROOT
from tests.support.make import make_flags

FOLDER = "It's a [1]* (2) $HOME & Grüße"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The project's files and the tools of these tests, in that folder."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    folder = tmp_path / FOLDER
    for name in filter(lambda name: (ROOT / name).is_file(), names):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(Path(sys.executable).parents[1])
    return folder


def files(folder: Path) -> set[str]:
    return {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}


def test_it_is_built_there(project: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in ("MAKELEVEL", "MFLAGS")}
    run = subprocess.run(
        ["make", "-s", "build"],
        cwd=project,
        env={**environment, "MAKEFLAGS": make_flags()},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    built = project / ".aws-sam/build"
    layer = files(built / "HmsLayer")
    assert {"python/hms/client.py", "python/hms/__pycache__/client.cpython-313.pyc", "python/requests/api.py"} <= layer
    assert not [name for name in layer if name.startswith("python/pydantic/v1/") or name.endswith(".pyi")]
    assert "__pycache__/app.cpython-313.pyc" in files(built / "RoomsFunction")

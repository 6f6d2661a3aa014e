"""Fixtures that build the project for AWS, once per architecture."""

import subprocess
from functools import cache
from pathlib import Path

import pytest

from tests.http_api import ROOT

ARCHITECTURES = ("arm64", "x86_64")


@cache
def built_for(architecture: str) -> Path:
    """The build folder from which `sam deploy` uploads."""
    folder = ROOT / ".aws-sam" / "artifacts" / architecture
    build = [str(ROOT / "tools" / "build"), architecture, str(folder)]
    result = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return folder


@pytest.fixture(params=ARCHITECTURES)
def architecture(request: pytest.FixtureRequest) -> str:
    """Each architecture in turn."""
    name: str = request.param
    return name


@pytest.fixture
def built(architecture: str) -> Path:
    """The build folder of the architecture."""
    return built_for(architecture)


@pytest.fixture
def layer(built: Path) -> Path:
    """The layer in the build folder."""
    return built / "HmsLayer"

"""`sam build` alone builds the layer for the template's default architecture."""

import os
import subprocess

import pytest

from tests.http_api import ROOT, template

PLATFORMS = {"arm64": "manylinux2014_aarch64", "x86_64": "manylinux2014_x86_64"}


@pytest.mark.parametrize("architecture", ["", "arm64", "x86_64"])
def test_the_wheels_are_for_the_architecture(architecture: str) -> None:
    environment = {"PATH": os.environ["PATH"], "ARTIFACTS_DIR": "/nowhere"}
    environment |= {"ARCHITECTURE": architecture} if architecture else {}
    recipe = subprocess.run(
        ["make", "-n", "build-HmsLayer"],
        cwd=ROOT / "layers" / "common",
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert PLATFORMS[architecture or template()["Parameters"]["Architecture"]["Default"]] in recipe

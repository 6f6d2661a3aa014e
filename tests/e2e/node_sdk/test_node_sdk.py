"""The official Node SDK, unmodified, gets the same results from the service and from the simulator behind it."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.integration.stack import Stack

HERE = Path(__file__).parent
STORIES = ["auth", "rooms", "roomCodes", "activeRooms", "sessions"]
STORIES += ["recordings", "externalStreams", "liveStreams", "analytics", "api"]

pytestmark = pytest.mark.skipif(not shutil.which("npm"), reason="the SDK needs Node and npm")


@pytest.fixture(scope="module")
def sdk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the SDK, installed from npm."""
    folder = tmp_path_factory.mktemp("node_sdk")
    for name in ("package.json", ".npmrc"):
        shutil.copy(HERE / name, folder)
    subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund"], cwd=folder, check=True, timeout=300)
    return folder


@pytest.mark.timeout(300)
@pytest.mark.parametrize("target", ["api", "simulator"])
def test_every_method_of_the_sdk_works(stack: Stack, sdk: Path, target: str) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "SDK_FOLDER": str(sdk),
        "API_URL": f"{getattr(stack, target)}/v2",
        "SIMULATOR_URL": stack.simulator,
        "HMS_ACCESS_KEY": stack.access_key,
        "HMS_SECRET": stack.secret,
    }
    process = subprocess.run(
        ["node", HERE / "story.mjs"], env=environment, capture_output=True, text=True, check=False, timeout=240
    )
    done = [line.removeprefix("ok ") for line in process.stdout.splitlines() if line.startswith("ok ")]
    assert done == STORIES, process.stdout + process.stderr
    assert process.returncode == 0

"""The official Node SDK, unmodified, gets the same results from the service and from the simulator behind it."""

import os
import shutil
import subprocess
from pathlib import Path

import boto3
import pytest

from tests.docs.snippets import snippets
from tests.http_api import ROOT
from tests.integration.stack import Stack
from tests.support.client_keys import create_key

HERE = Path(__file__).parent
STORIES = ["auth", "rooms", "roomCodes", "activeRooms", "sessions"]
STORIES += ["recordings", "externalStreams", "liveStreams", "analytics", "api"]
KNOWN_BEHAVIOR = ["aJoinTokenOfAClientKeyIsUnknownTo100ms", "theAnalyticsIteratorStopsAfterAPage"]
KNOWN_BEHAVIOR += ["aRefusedCallIsSentTwice", "aDateFilterIsDropped"]
PAGES_WITH_TYPESCRIPT = [ROOT / "README.md", ROOT / "docs" / "calling.md"]
COMPILE = ["node_modules/.bin/tsc", "--strict", "--skipLibCheck", "--target", "es2022", "--module", "nodenext"]

pytestmark = [
    pytest.mark.skipif(not shutil.which("npm"), reason="the SDK needs Node and npm"),
    pytest.mark.timeout(300),
]


@pytest.fixture(scope="module")
def sdk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the SDK and TypeScript in it, installed from npm."""
    folder = tmp_path_factory.mktemp("node_sdk")
    for name in ("package.json", ".npmrc"):
        shutil.copy(HERE / name, folder)
    subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund"], cwd=folder, check=True, timeout=300)
    return folder


def run(program: Path, sdk: Path, stack: Stack, target: str, **variables: str) -> list[str]:
    """Run the program against the service or the simulator; return the names of the stories that it finished."""
    environment = {
        "PATH": os.environ["PATH"],
        "SDK_FOLDER": str(sdk),
        "API_URL": f"{getattr(stack, target)}/v2",
        "SIMULATOR_URL": stack.simulator,
        "HMS_ACCESS_KEY": stack.access_key,
        "HMS_SECRET": stack.secret,
        **variables,
    }
    done = subprocess.run(["node", program], env=environment, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stdout + done.stderr
    return [line.removeprefix("ok ") for line in done.stdout.splitlines() if line.startswith("ok ")]


@pytest.mark.parametrize("target", ["api", "simulator"])
def test_every_method_of_the_sdk_works(stack: Stack, sdk: Path, target: str) -> None:
    assert run(HERE / "story.mjs", sdk, stack, target) == STORIES


def test_the_sdk_behaves_as_the_documentation_says(stack: Stack, sdk: Path) -> None:
    ssm = boto3.Session("local", "local", region_name="us-east-1").client("ssm", endpoint_url=stack.aws)
    access_key, secret = create_key(ssm, "/hms", "node", ["tokens:write", "rooms:read"])
    client = {"CLIENT_ACCESS_KEY": access_key, "CLIENT_SECRET": secret}
    assert run(HERE / "known_behavior.mjs", sdk, stack, "api", **client) == KNOWN_BEHAVIOR


def test_the_documented_typescript_compiles_and_runs(stack: Stack, sdk: Path) -> None:
    """The cast is needed, and it works: each page's program compiles with it, runs, and does not compile without."""
    programs = [snippet for page in PAGES_WITH_TYPESCRIPT for snippet in snippets(page) if snippet.language == "ts"]
    assert len(programs) == len(PAGES_WITH_TYPESCRIPT)
    for number, program in enumerate(programs):
        text = program.text.replace("http://127.0.0.1:3000", stack.api)
        (sdk / f"program{number}.mts").write_text(text)
        (sdk / f"without_cast{number}.mts").write_text(text.replace("(hms.api as any)", "hms.api"))
    files = [name for number in range(len(programs)) for name in (f"program{number}.mts", f"without_cast{number}.mts")]
    compiled = subprocess.run([*COMPILE, *files], cwd=sdk, capture_output=True, text=True, check=False, timeout=200)
    errors = compiled.stdout.splitlines()
    assert [error.partition("(")[0] for error in errors] == files[1::2], compiled.stdout
    assert all("Property 'axios' is private" in error for error in errors)
    key_pair = {"HMS_ACCESS_KEY": stack.access_key, "HMS_SECRET": stack.secret}
    for number in range(len(programs)):
        environment = {"PATH": os.environ["PATH"], **key_pair}
        subprocess.run(["node", f"program{number}.mjs"], cwd=sdk, env=environment, check=True, timeout=60)

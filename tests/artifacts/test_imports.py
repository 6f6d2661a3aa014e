"""The modules that each function imports in a cold start. The test lists every addition by name."""

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.candidates import Candidate, build_functions, lambda_python, without_query
from benchmarks.measure import PROCESS, run_cold
from benchmarks.stub_server import running_stub_server
from tests.http_api import contract_routes

ALLOWED = Path(__file__).with_name("imports.txt").read_text().split()
NEVER = {
    "aws_xray_sdk": "tracing needs no SDK",
    "boto3": "its clients load service models",
    "botocore.client": "its clients load service models",
    "botocore.loaders": "loads service models",
    "cryptography": "only the OIDC function needs it",
    "pydantic": "only functions that validate input need it",
}
READING = sorted({route.folder for route in contract_routes() if route.method == "GET"})


@pytest.fixture(scope="module")
def built() -> dict[str, Candidate]:
    return build_functions()


@pytest.fixture(scope="module")
def functions(built: dict[str, Candidate]) -> dict[str, Candidate]:
    return {
        folder: value.with_event(without_query(value.event), folder)
        for folder, value in built.items()
        if folder in READING
    }


@pytest.fixture(scope="module")
def world() -> Iterator[str]:
    with running_stub_server() as url:
        yield url


def imported(function: Candidate, world: str) -> set[str]:
    """Return the third-party modules loaded by the first response, to their second level."""
    parts = [module.split(".") for module in run_cold(function, world).modules]
    own = sys.stdlib_module_names | {"app", "cython_runtime", "hms", "hms_service"}
    foreign = [names for names in parts if not names[0].startswith("_") and names[0] not in own]
    return {".".join(names[:2]) for names in foreign}


@pytest.mark.parametrize("folder", READING)
def test_a_cold_get_imports_nothing_that_is_not_on_the_list(
    functions: dict[str, Candidate], world: str, folder: str
) -> None:
    found = imported(functions[folder], world)
    assert {name: NEVER[name] for name in sorted(found & NEVER.keys())} == {}
    assert sorted(found - set(ALLOWED)) == [], "add it to imports.txt only for something that is worth its time"


def test_the_list_holds_nothing_that_is_no_longer_imported(functions: dict[str, Candidate], world: str) -> None:
    found = {name for folder in READING for name in imported(functions[folder], world)}
    assert sorted(set(ALLOWED) - found) == []
    assert sorted(ALLOWED) == ALLOWED


def import_depths(function: Candidate, world: str) -> dict[str, int]:
    """Return the depth of the imports between the handler's module and a module."""
    command = [lambda_python(), "-X", "importtime", "-c", "import app"]
    log = subprocess.run(command, env=function.environment(world), capture_output=True, text=True, check=True).stderr
    lines = re.findall(r"^import time: .*\| ( *)(\S+)$", log, re.MULTILINE)
    return {module: len(indent) // 2 for indent, module in lines}


@pytest.mark.parametrize(
    ("folder", "package", "deepest"), [*((folder, "requests", 4) for folder in READING), ("webhooks", "boto3", 1)]
)
def test_heavy_packages_are_imported_near_the_bottom_of_the_stack(
    built: dict[str, Candidate], world: str, folder: str, package: str, deepest: int
) -> None:
    depths = import_depths(built[folder], world)
    assert depths[package] <= deepest, depths


@pytest.mark.parametrize("folder", ["webhooks", "commands"])
def test_the_clients_of_a_cold_start_read_the_list_of_endpoints_once(
    built: dict[str, Candidate], world: str, folder: str
) -> None:
    report = "lambda event, args: event == 'open' and sys.stderr.write(f'opened {args[0]}\\n')"
    script = f"import runpy, sys; sys.addaudithook({report}); runpy.run_path({PROCESS!r}, run_name='__main__')"
    command = [lambda_python(), "-c", script, "cold", "1", built[folder].handler]
    event, environment = json.dumps(built[folder].event), built[folder].environment(world)
    log = subprocess.run(command, input=event, env=environment, capture_output=True, text=True, check=True).stderr
    data_files = Counter(re.findall(r"^opened .*/botocore/data/(\S+)$", log, re.MULTILINE))
    assert {name.split("/")[0] for name in data_files} >= {"endpoints.json", "dynamodb", "events"}
    assert {name: times for name, times in data_files.items() if times > 1} == {}

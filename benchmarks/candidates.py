"""Builds the candidates of the benchmarks: the functions as for AWS, and the baselines with their own tools."""

import json
import os
import platform
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from benchmarks.stub_server import ACCESS_KEY, PREFIX, SECRET
from hms.tokens import sign_app_token, sign_management_token

ROOT = Path(__file__).parents[1]
BASELINES = ROOT / "benchmarks" / "baselines"
BUILD_FOLDER = ROOT / ".aws-sam" / "benchmarks"
ARCHITECTURE = "arm64" if platform.machine() in ("aarch64", "arm64") else "x86_64"
MIDNIGHT_1980 = 315_532_800
"""The modification time that Lambda gives to every file."""
NOT_MEASURED = ("oidc_tokens",)
"""Its time depends on the issuer."""
SAMPLES = {
    "active_rooms": "retrieve_active_room",
    "analytics": "get_webhook_replay_status",
    "attendance_keeper": "sqs_batch",
    "commands": "sqs_batch",
    "polls": "get_poll",
    "room_codes": "list_room_codes",
    "rooms": "list_rooms",
    "sip": "start_sip_outbound_call",
    "templates": "list_templates",
    "webhooks": "peer_join_success",
}
"""The sample event of a function. The default is the first GET in the function's folder."""


@dataclass(frozen=True)
class Candidate:
    """A handler and the event to measure it with.

    Attributes:
        name: name in the report.
        code: folder that Lambda mounts at /var/task.
        layer: folder that Lambda mounts at /opt/python; None if there is no layer.
        event: event for the handler.
        handler: module and attribute of the handler.
        validation: how requests are validated. `reject` costs most, because it validates before the request is sent.
    """

    name: str
    code: Path
    layer: Path | None
    event: Mapping[str, Any]
    handler: str = "app.handler"
    validation: str = "reject"

    def environment(self, stub_url: str) -> dict[str, str]:
        """Return the environment variables of the process. AWS and 100ms are at `stub_url`."""
        path = [self.code, *([self.layer] if self.layer else []), BUILD_FOLDER / "runtime"]
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(map(str, path)),
            "PYTHONDONTWRITEBYTECODE": "1",
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "benchmark",
            "AWS_SECRET_ACCESS_KEY": "benchmark",
            "AWS_ENDPOINT_URL": stub_url,
            "AWS_LAMBDA_FUNCTION_NAME": self.name,
            "HMS_ACCESS_KEY": ACCESS_KEY,
            "HMS_SECRET": SECRET,
            "HMS_API_URL": f"{stub_url}/v2",
            "HMS_AUTH_URL": f"{stub_url}/v2",
            "HMS_PARAMETER_PREFIX": PREFIX,
            "HMS_VALIDATION": self.validation,
            "HMS_EVENT_BUS": "events",
            "HMS_IDEMPOTENCY_TABLE": "idempotency",
            "HMS_ATTENDANCE_TABLE": "attendance",
        }

    def with_event(self, event: Mapping[str, Any], name: str) -> "Candidate":
        """Return a copy with another event and name."""
        return replace(self, name=name, event=event)


@cache
def lambda_python() -> str:
    """Return the path of a Python with the version of Lambda's runtime."""
    return subprocess.check_output(ROOT / "tools" / "lambda-python", text=True).strip()  # noqa: S603


def build_functions() -> dict[str, Candidate]:
    """Build the functions as for AWS. Returns a candidate per function folder."""
    _run(str(ROOT / "tools" / "build"), ARCHITECTURE, str(BUILD_FOLDER / "functions"))
    _install_runtime()
    _set_timestamps(BUILD_FOLDER)
    layer = BUILD_FOLDER / "functions" / "HmsLayer" / "python"
    folders = sorted(file.parent.name for file in (ROOT / "functions").glob("*/app.py"))
    return {
        folder: Candidate(
            folder, BUILD_FOLDER / "functions" / f"{folder.title().replace('_', '')}Function", layer, event
        )
        for folder, event in _load_samples(folders)
    }


def build_layer_baseline(name: str, event: Mapping[str, Any], layer: Path | None) -> Candidate:
    """Build a baseline that uses the layer's packages. Its bytecode is compiled like that of the functions."""
    folder = BUILD_FOLDER / name
    shutil.copytree(BASELINES / name, folder, dirs_exist_ok=True)
    path = {"PATH": f"{Path(lambda_python()).parent}:{os.environ['PATH']}"}
    _run(
        "make",
        "-s",
        "-f",
        "layers/common/Makefile",
        "finish",
        f"DIRECTORY={folder}",
        "MOUNTED_AT=/var/task",
        variables=path,
    )
    _set_timestamps(folder)
    return Candidate(name, folder, layer, event)


def build_baselines(event: Mapping[str, Any]) -> list[Candidate]:
    """Build the other baselines, each with its own tool."""
    built = BUILD_FOLDER / "baselines"
    python = Path(lambda_python())
    path = {"PATH": f"{python.parent}:{os.environ['PATH']}"}
    template = str(BASELINES / "template.yaml")
    sam = str(ROOT / ".venv" / "bin" / "sam")
    architecture = f"Architecture={ARCHITECTURE}"
    _run(sam, "build", "-t", template, "--build-dir", str(built), "--parameter-overrides", architecture, variables=path)
    chalice = _package_with_chalice(python)
    _set_timestamps(BUILD_FOLDER)
    rest = {**event, "version": "1.0", "httpMethod": "GET", "path": "/rooms", "resource": "/rooms"}
    rest |= {"queryStringParameters": None, "multiValueQueryStringParameters": None, "pathParameters": None}
    rest |= {"stageVariables": None, "multiValueHeaders": {}, "isBase64Encoded": False, "body": None}
    rest["requestContext"] = {**event["requestContext"], "httpMethod": "GET", "resourcePath": "/rooms", "identity": {}}
    return [
        Candidate("typical handler", built / "Usual", None, event),
        Candidate("FastAPI", built / "Fastapi", None, event),
        Candidate("Flask", built / "Flask", None, event),
        Candidate("Chalice", chalice, None, rest, "app.app"),
    ]


def load_event(folder: str, operation: str) -> dict[str, Any]:
    """Return a sample event with its placeholders replaced."""
    text = (ROOT / "events" / folder / f"{operation}.json").read_text()
    values = {
        "MANAGEMENT_TOKEN": sign_management_token(ACCESS_KEY, SECRET),
        "APP_TOKEN": sign_app_token(ACCESS_KEY, SECRET, room_id="r", role="host", user_id="u"),
        "WEBHOOK_SECRET": SECRET,
    }
    event: dict[str, Any] = json.loads(re.sub("|".join(values), lambda match: values[match[0]], text))
    return event


def without_query(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of the event without query parameters."""
    return {**event, "rawQueryString": "", "queryStringParameters": None}


def _load_samples(folders: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    for folder in folders:
        if folder not in NOT_MEASURED:
            files = sorted((ROOT / "events" / folder).glob("*.json"))
            reads = [file for file in files if '"method": "GET"' in file.read_text()]
            yield folder, load_event(folder, SAMPLES.get(folder, (reads or files)[0].stem))


def _install_runtime() -> None:
    """Install boto3, which Lambda's runtime contains."""
    runtime = BUILD_FOLDER / "runtime"
    if not runtime.exists():
        _run(lambda_python(), "-m", "pip", "install", "-q", "--target", str(runtime), "boto3")
        _run(lambda_python(), "-m", "compileall", "-q", "-f", "--invalidation-mode", "unchecked-hash", str(runtime))


def _package_with_chalice(python: Path) -> Path:
    environment, package = BUILD_FOLDER / "chalice-tool", BUILD_FOLDER / "chalice"
    if not environment.exists():
        _run(str(python), "-m", "venv", str(environment))
        _run(
            str(environment / "bin" / "pip"),
            "install",
            "-q",
            "chalice==1.34.0",
            "setuptools<81",
            "boto3",
            "pyjwt",
            "requests",
        )
    variables = {"HMS_PARAMETER_PREFIX": PREFIX, "AWS_DEFAULT_REGION": "us-east-1"}
    chalice = str(environment / "bin" / "chalice")
    project = BUILD_FOLDER / "chalice-project"
    shutil.copytree(BASELINES / "chalice", project, dirs_exist_ok=True)
    _run(chalice, "package", str(BUILD_FOLDER / "chalice-package"), at=project, variables=variables)
    shutil.rmtree(package, ignore_errors=True)
    with zipfile.ZipFile(BUILD_FOLDER / "chalice-package" / "deployment.zip") as zipped:
        zipped.extractall(package)
    return package


def _set_timestamps(folder: Path) -> None:
    for file in folder.rglob("*"):
        if file.is_file():
            os.utime(file, (MIDNIGHT_1980, MIDNIGHT_1980), follow_symlinks=False)


def _run(*command: str, at: Path = ROOT, variables: Mapping[str, str] = MappingProxyType({})) -> None:
    process = subprocess.run(  # noqa: S603
        command, cwd=at, env={**os.environ, **variables}, capture_output=True, text=True, check=False
    )
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)}:\n{process.stdout}{process.stderr}")

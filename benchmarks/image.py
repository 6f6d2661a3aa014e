"""Measures cold and warm requests in Lambda's image with AWS's emulator and the CPU of a 512 MB function."""

import json
import os
import statistics
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import requests
import samcli

from benchmarks.candidates import ARCHITECTURE, Candidate
from benchmarks.report import format_milliseconds, format_ratio, table
from benchmarks.stub_server import running_stub_server
from tools.docker import host_address

PROCESSORS = 512 / 1769
"""Lambda allocates one CPU per 1,769 MB of memory."""
ROUNDS, REQUESTS = 5, 60
READY_SECONDS = 20
EMULATOR = Path(samcli.__file__).parent / "local" / "rapid" / f"aws-lambda-rie-{ARCHITECTURE}"


def report(candidates: Sequence[Candidate]) -> str:
    """Return a table with a row per candidate, or a sentence if there is no image."""
    image = os.environ.get("LAMBDA_IMAGE")
    if not image:
        return "Not measured: `LAMBDA_IMAGE` is not set (`tools/with-lambda-image` sets it)."
    cold: dict[str, list[float]] = {candidate.name: [] for candidate in candidates}
    warm: dict[str, list[float]] = {candidate.name: [] for candidate in candidates}
    with running_stub_server(host=host_address()) as stub_url:
        for _ in range(ROUNDS):
            for candidate in candidates:
                first, later = _measure(candidate, stub_url, image)
                cold[candidate.name].append(first)
                warm[candidate.name].append(later)
    bare_cold, bare_warm = statistics.median(cold["bare"]), statistics.median(warm["bare"])
    rows = []
    for name in cold:
        first, later = statistics.median(cold[name]), statistics.median(warm[name])
        rows.append(
            [
                name,
                format_ratio(first / bare_cold),
                format_milliseconds(first),
                format_ratio(later / bare_warm),
                format_milliseconds(later),
            ]
        )
    return table(["", "cold", "", "warm", ""], rows) + (
        f"\n\nMedians of {ROUNDS} containers with {PROCESSORS:.2f} CPU, measured by the caller. "
        "They include the time of the emulator and the upstream."
    )


def _measure(candidate: Candidate, stub_url: str, image: str) -> tuple[float, float]:
    with _container(candidate, stub_url, image) as url:
        call = requests.Session()
        seconds = []
        for _ in range(REQUESTS + 1):
            started_at = time.perf_counter()
            response = call.post(url, data=json.dumps(candidate.event), timeout=60)
            seconds.append(time.perf_counter() - started_at)
            if response.json().get("statusCode", 500) >= 400:
                raise RuntimeError(f"{candidate.name} returned {response.text[:500]}")
        return seconds[0], statistics.median(seconds[1:])


@contextmanager
def _container(candidate: Candidate, stub_url: str, image: str) -> Iterator[str]:
    names = ("AWS_", "HMS_")
    variables = {name: value for name, value in candidate.environment(stub_url).items() if name.startswith(names)}
    mounts = {EMULATOR: "/rie", candidate.code: "/var/task"}
    if candidate.layer:
        mounts[candidate.layer.parent if candidate.layer.name == "python" else candidate.layer] = "/opt"
    command = ["docker", "run", "--rm", "--detach", "--cpus", f"{PROCESSORS:.3f}", "--memory", "512m"]
    command += [f"--volume={source}:{target}:ro" for source, target in mounts.items()]
    command += [f"--env={name}={value}" for name, value in variables.items()]
    command += [
        "--entrypoint",
        "/rie",
        "--publish",
        "127.0.0.1::8080",
        image,
        "/var/runtime/bootstrap",
        candidate.handler,
    ]
    container = subprocess.check_output(command, text=True).strip()  # noqa: S603
    try:
        port = subprocess.check_output(["docker", "port", container, "8080"], text=True).split(":")[-1].strip()  # noqa: S603, S607
        url = f"http://127.0.0.1:{port}"
        _wait(url)
        yield f"{url}/2015-03-31/functions/function/invocations"
    finally:
        subprocess.run(["docker", "kill", container], check=True, capture_output=True)  # noqa: S603, S607


def _wait(url: str) -> None:
    for _ in range(READY_SECONDS * 20):
        try:
            requests.get(url, timeout=1)
        except requests.ConnectionError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"the emulator did not start within {READY_SECONDS} s")

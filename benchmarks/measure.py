"""Runs a candidate in a separate process and returns its measurements."""

import json
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.candidates import Candidate, lambda_python

Measured = TypeVar("Measured")
PROCESS = str(Path(__file__).with_name("measured_process.py"))


@dataclass(frozen=True)
class ColdResult:
    """A cold start: from the interpreter's start to the first response.

    Attributes:
        wall: wall time in seconds.
        cpu: CPU time in seconds.
        rss: resident memory after the response, in kB.
        modules: names of the imported modules.
    """

    wall: float
    cpu: float
    rss: int
    modules: Sequence[str]


@dataclass(frozen=True)
class WarmResult:
    """Many requests to a warm function.

    Attributes:
        p50: median time of a request, in seconds.
        p99: 99th percentile of the time, in seconds.
        cpu: CPU time per request, in seconds.
        rss: peak resident memory, in kB.
        growth: memory growth per request, in kB.
    """

    p50: float
    p99: float
    cpu: float
    rss: int
    growth: float


def run_cold(candidate: Candidate, stub_url: str, **variables: str) -> ColdResult:
    """Start a candidate and send it one event."""
    figures, wall = _process("cold", 1, candidate, stub_url, variables)
    return ColdResult(wall, figures["cpu"], figures["rss"], figures["modules"])


def run_warm(candidate: Candidate, stub_url: str, times: int, **variables: str) -> WarmResult:
    """Start a candidate and, once it is warm, send it `times` events."""
    figures, _ = _process("warm", times, candidate, stub_url, variables)
    return WarmResult(figures["p50"], figures["p99"], figures["cpu_each"], figures["rss"], figures["growth"])


def interleaved(
    measure: Callable[[Candidate], Measured], candidates: Sequence[Candidate], rounds: int
) -> dict[str, list[Measured]]:
    """Measure all candidates in turns, `rounds` times, so that changes of the machine's speed affect all alike."""
    measured: dict[str, list[Measured]] = {candidate.name: [] for candidate in candidates}
    for _ in range(rounds):
        for candidate in candidates:
            measured[candidate.name].append(measure(candidate))
    return measured


def median(values: Sequence[Any], figure: str) -> float:
    """Return the median of a field, such as `cpu`."""
    return float(statistics.median(getattr(value, figure) for value in values))


def _process(
    mode: str, times: int, candidate: Candidate, stub_url: str, variables: Mapping[str, str]
) -> tuple[dict[str, Any], float]:
    command = [lambda_python(), PROCESS, mode, str(times), candidate.handler]
    environment = candidate.environment(stub_url) | dict(variables)
    started_at = time.perf_counter()
    with subprocess.Popen(  # noqa: S603
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin  # noqa: S101
        assert process.stderr  # noqa: S101
        process.stdin.write(json.dumps(candidate.event))
        process.stdin.close()
        output = []
        for line in process.stderr:
            if line.startswith('{"status"'):
                wall = time.perf_counter() - started_at
                figures: dict[str, Any] = json.loads(line)
                if figures["status"] >= 500:
                    raise RuntimeError(f"{candidate.name} returned {figures['status']}")
                return figures, wall
            output.append(line)
    raise RuntimeError(f"{candidate.name} did not respond:\n{''.join(output)}")

"""Runs a candidate in a process of its own and tells what it took."""

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
    """A cold start, from the start of the interpreter to the first answer.

    Attributes:
        wall: seconds that passed.
        cpu: seconds of processor time.
        rss: kB of memory in use then.
        modules: what was imported.
    """

    wall: float
    cpu: float
    rss: int
    modules: Sequence[str]


@dataclass(frozen=True)
class WarmResult:
    """Many requests to a warm function.

    Attributes:
        p50: median of a request, in seconds.
        p99: what one in a hundred exceeds.
        cpu: seconds of processor time a request.
        rss: kB of memory at its peak.
        growth: kB by which it grew a request.
    """

    p50: float
    p99: float
    cpu: float
    rss: int
    growth: float


def run_cold(candidate: Candidate, stub_url: str, **variables: str) -> ColdResult:
    """Start it and ask it once."""
    figures, wall = _process("cold", 1, candidate, stub_url, variables)
    return ColdResult(wall, figures["cpu"], figures["rss"], figures["modules"])


def run_warm(candidate: Candidate, stub_url: str, times: int, **variables: str) -> WarmResult:
    """Start it, and ask it so often once it is warm."""
    figures, _ = _process("warm", times, candidate, stub_url, variables)
    return WarmResult(figures["p50"], figures["p99"], figures["cpu_each"], figures["rss"], figures["growth"])


def interleaved(
    measure: Callable[[Candidate], Measured], candidates: Sequence[Candidate], rounds: int
) -> dict[str, list[Measured]]:
    """What each round measured of each candidate, in turns, so that all of them have the machine's moods alike."""
    measured: dict[str, list[Measured]] = {candidate.name: [] for candidate in candidates}
    for _ in range(rounds):
        for candidate in candidates:
            measured[candidate.name].append(measure(candidate))
    return measured


def median(values: Sequence[Any], figure: str) -> float:
    """The median of one figure."""
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
                    raise RuntimeError(f"{candidate.name} answered {figures['status']}")
                return figures, wall
            output.append(line)
    raise RuntimeError(f"{candidate.name} did not answer:\n{''.join(output)}")

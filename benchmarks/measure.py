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
PROCESS = str(Path(__file__).with_name("process.py"))


@dataclass(frozen=True)
class Start:
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
class Run:
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


def start(candidate: Candidate, world: str, **variables: str) -> Start:
    """Start it and ask it once."""
    told, wall = _process("cold", 1, candidate, world, variables)
    return Start(wall, told["cpu"], told["rss"], told["modules"])


def run(candidate: Candidate, world: str, times: int, **variables: str) -> Run:
    """Start it, and ask it so often once it is warm."""
    told, _ = _process("warm", times, candidate, world, variables)
    return Run(told["p50"], told["p99"], told["cpu_each"], told["rss"], told["growth"])


def interleaved(
    measure: Callable[[Candidate], Measured], candidates: Sequence[Candidate], rounds: int
) -> dict[str, list[Measured]]:
    """What each round measured of each candidate, in turns, so that all of them have the machine's moods alike."""
    measured: dict[str, list[Measured]] = {candidate.name: [] for candidate in candidates}
    for _ in range(rounds):
        for candidate in candidates:
            measured[candidate.name].append(measure(candidate))
    return measured


def median(values: Sequence[Any], what: str) -> float:
    """The median of one figure."""
    return float(statistics.median(getattr(value, what) for value in values))


def _process(
    mode: str, times: int, candidate: Candidate, world: str, variables: Mapping[str, str]
) -> tuple[dict[str, Any], float]:
    command = [lambda_python(), PROCESS, mode, str(times), candidate.handler]
    environment = candidate.environment(world) | dict(variables)
    began = time.perf_counter()
    with subprocess.Popen(  # noqa: S603
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin  # noqa: S101
        assert process.stderr  # noqa: S101
        process.stdin.write(json.dumps(candidate.event))
        process.stdin.close()
        said = []
        for line in process.stderr:
            if line.startswith('{"status"'):
                wall = time.perf_counter() - began
                told: dict[str, Any] = json.loads(line)
                if told["status"] >= 500:
                    raise RuntimeError(f"{candidate.name} answered {told['status']}")
                return told, wall
            said.append(line)
    raise RuntimeError(f"{candidate.name} did not answer:\n{''.join(said)}")

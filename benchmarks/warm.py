"""Warm requests: what a call takes beyond the upstream's own time, which one exchange over a socket takes."""

from collections.abc import Mapping, Sequence

from benchmarks.candidates import Candidate
from benchmarks.measure import Run, interleaved, median, run
from benchmarks.report import microseconds, table, times
from benchmarks.world import running_world

BARE, UPSTREAM = "bare", "socket"


def measure(candidates: Sequence[Candidate], rounds: int, requests: int) -> dict[str, list[Run]]:
    """Ask each so many times in each round, in turns."""
    with running_world() as world:
        return interleaved(lambda candidate: run(candidate, world, requests), candidates, rounds)


def own(runs: Mapping[str, Sequence[Run]], name: str, what: str) -> float:
    """What a request takes beyond the upstream's time, where it calls that at all."""
    upstream = 0.0 if name == "POST /token" else median(runs[UPSTREAM], "cpu" if what == "cpu" else "p50")
    return median(runs[name], what) - upstream


def ratios(runs: Mapping[str, Sequence[Run]], to: str = BARE) -> dict[str, float]:
    """Own time of each, beside the bare handler's."""
    return {name: own(runs, name, "p50") / own(runs, to, "p50") for name in runs if name != UPSTREAM}


def report(runs: Mapping[str, Sequence[Run]]) -> str:
    """A line a candidate."""
    rows = [
        [name, times(ratio), *(microseconds(own(runs, name, what)) for what in ("p50", "p99", "cpu"))]
        for name, ratio in ratios(runs).items()
    ]
    upstream = median(runs[UPSTREAM], "p50")
    return table(["", "ratio to bare", "p50", "p99", "CPU time"], rows) + (
        f"\n\nThe time of the upstream, {microseconds(upstream)}, is subtracted."
    )

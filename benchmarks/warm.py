"""Measures warm requests without the time of the upstream. One exchange over a socket measures that time."""

from collections.abc import Mapping, Sequence

from benchmarks.candidates import Candidate
from benchmarks.measure import WarmResult, interleaved, median, run_warm
from benchmarks.report import format_microseconds, format_ratio, table
from benchmarks.stub_server import running_stub_server

BARE, UPSTREAM = "bare", "socket"


def measure(candidates: Sequence[Candidate], rounds: int, requests: int) -> dict[str, list[WarmResult]]:
    """Send `requests` events to each candidate in each round, in turns."""
    with running_stub_server() as stub_url:
        return interleaved(lambda candidate: run_warm(candidate, stub_url, requests), candidates, rounds)


def own_time(runs: Mapping[str, Sequence[WarmResult]], name: str, figure: str) -> float:
    """Return the time of a request without the upstream's time. `POST /token` makes no upstream call."""
    upstream = 0.0 if name == "POST /token" else median(runs[UPSTREAM], "cpu" if figure == "cpu" else "p50")
    return median(runs[name], figure) - upstream


def ratios(runs: Mapping[str, Sequence[WarmResult]], baseline: str = BARE) -> dict[str, float]:
    """Return the own time of each candidate, relative to the baseline."""
    return {name: own_time(runs, name, "p50") / own_time(runs, baseline, "p50") for name in runs if name != UPSTREAM}


def report(runs: Mapping[str, Sequence[WarmResult]]) -> str:
    """Return a table with a row per candidate."""
    rows = [
        [
            name,
            format_ratio(ratio),
            *(format_microseconds(own_time(runs, name, figure)) for figure in ("p50", "p99", "cpu")),
        ]
        for name, ratio in ratios(runs).items()
    ]
    upstream = median(runs[UPSTREAM], "p50")
    return table(["", "ratio to bare", "p50", "p99", "CPU time"], rows) + (
        f"\n\nThe time of the upstream, {format_microseconds(upstream)}, is subtracted."
    )

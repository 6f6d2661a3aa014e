"""Measures cold starts: from the interpreter's start to the first response, including credentials and one API call."""

from collections.abc import Mapping, Sequence

from benchmarks.candidates import Candidate
from benchmarks.measure import ColdResult, interleaved, median, run_cold
from benchmarks.report import format_milliseconds, format_ratio, table
from benchmarks.stub_server import running_stub_server

BARE = "bare"
UPSTREAM_SECONDS = 0.08
"""Time that the real 100ms takes for a response."""


def measure(candidates: Sequence[Candidate], rounds: int, delay: float = 0) -> dict[str, list[ColdResult]]:
    """Start each candidate `rounds` times, in turns. 100ms takes `delay` seconds for a response."""
    with running_stub_server(delay=delay) as stub_url:
        return interleaved(lambda candidate: run_cold(candidate, stub_url), candidates, rounds)


def ratios(cold_results: Mapping[str, Sequence[ColdResult]], figure: str = "cpu") -> dict[str, float]:
    """Return a figure of each candidate, relative to the bare handler."""
    bare = median(cold_results[BARE], figure)
    return {name: median(results, figure) / bare for name, results in cold_results.items()}


def report(cold_results: Mapping[str, Sequence[ColdResult]]) -> str:
    """Return a table with a row per candidate."""
    cpu_ratios, wall_ratios = ratios(cold_results), ratios(cold_results, "wall")
    rows = [
        [
            name,
            format_ratio(cpu_ratios[name]),
            format_milliseconds(median(results, "cpu")),
            format_ratio(wall_ratios[name]),
            format_milliseconds(median(results, "wall")),
            f"{median(results, 'rss') / 1000:.0f} MB",
        ]
        for name, results in cold_results.items()
    ]
    return table(["", "CPU time", "", "wall time", "", "memory"], rows)

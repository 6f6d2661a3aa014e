"""Measures cold starts: from the interpreter's start to the first response, including credentials and one API call."""

from collections.abc import Mapping, Sequence

from benchmarks.candidates import Candidate
from benchmarks.measure import ColdResult, interleaved, median, run_cold
from benchmarks.report import format_milliseconds, format_ratio, table
from benchmarks.stub_server import running_stub_server

BARE = "bare"


def measure(candidates: Sequence[Candidate], rounds: int) -> dict[str, list[ColdResult]]:
    """Start each candidate `rounds` times, in turns."""
    with running_stub_server() as stub_url:
        return interleaved(lambda candidate: run_cold(candidate, stub_url), candidates, rounds)


def ratios(cold_results: Mapping[str, Sequence[ColdResult]], baseline: str = BARE) -> dict[str, float]:
    """Return the CPU time of each candidate, relative to the baseline."""
    return {
        name: median(results, "cpu") / median(cold_results[baseline], "cpu") for name, results in cold_results.items()
    }


def report(cold_results: Mapping[str, Sequence[ColdResult]]) -> str:
    """Return a table with a row per candidate."""
    rows = [
        [
            name,
            format_ratio(median(results, "cpu") / median(cold_results[BARE], "cpu")),
            format_milliseconds(median(results, "cpu")),
            format_ratio(median(results, "wall") / median(cold_results[BARE], "wall")),
            format_milliseconds(median(results, "wall")),
            f"{median(results, 'rss') / 1000:.0f} MB",
        ]
        for name, results in cold_results.items()
    ]
    return table(["", "CPU time", "", "wall time", "", "memory"], rows)

"""Cold starts: from the start of the interpreter to the first answer, with the credentials and a call of 100ms."""

from collections.abc import Mapping, Sequence

from benchmarks.candidates import Candidate
from benchmarks.measure import Start, interleaved, median, start
from benchmarks.report import milliseconds, table, times
from benchmarks.world import running_world

BARE = "bare"


def measure(candidates: Sequence[Candidate], rounds: int) -> dict[str, list[Start]]:
    """Start each so often, in turns."""
    with running_world() as world:
        return interleaved(lambda candidate: start(candidate, world), candidates, rounds)


def ratios(started: Mapping[str, Sequence[Start]], to: str = BARE) -> dict[str, float]:
    """Processor time of each, beside the bare handler's."""
    return {name: median(each, "cpu") / median(started[to], "cpu") for name, each in started.items()}


def report(started: Mapping[str, Sequence[Start]]) -> str:
    """A line a candidate."""
    rows = [
        [
            name,
            times(median(each, "cpu") / median(started[BARE], "cpu")),
            milliseconds(median(each, "cpu")),
            times(median(each, "wall") / median(started[BARE], "wall")),
            milliseconds(median(each, "wall")),
            f"{median(each, 'rss') / 1000:.0f} MB",
        ]
        for name, each in started.items()
    ]
    return table(["", "CPU time", "", "wall time", "", "memory"], rows)

"""Memory after a thousand requests, and how it grows over twenty thousand."""

from collections.abc import Sequence

from benchmarks.candidates import Candidate
from benchmarks.measure import run
from benchmarks.report import table
from benchmarks.world import running_world

THOUSAND, MANY = 1_000, 20_000


def report(candidates: Sequence[Candidate]) -> str:
    """A line a candidate."""
    rows = []
    with running_world() as world:
        for candidate in candidates:
            few, many = run(candidate, world, THOUSAND), run(candidate, world, MANY)
            rows.append([candidate.name, f"{few.rss / 1000:.1f} MB", f"{many.growth * 1000:.1f} bytes"])
    return table(["", f"after {THOUSAND:,} requests", f"growth per request over {MANY:,}"], rows)

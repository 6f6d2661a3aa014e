"""Measures memory after 1,000 requests, and its growth over 20,000 requests."""

from collections.abc import Sequence

from benchmarks.candidates import Candidate
from benchmarks.measure import run_warm
from benchmarks.report import table
from benchmarks.stub_server import running_stub_server

THOUSAND, MANY = 1_000, 20_000


def report(candidates: Sequence[Candidate]) -> str:
    """Return a table with a row per candidate."""
    rows = []
    with running_stub_server() as stub_url:
        for candidate in candidates:
            few, many = run_warm(candidate, stub_url, THOUSAND), run_warm(candidate, stub_url, MANY)
            rows.append([candidate.name, f"{few.rss / 1000:.1f} MB", f"{many.growth * 1000:.1f} bytes"])
    return table(["", f"after {THOUSAND:,} requests", f"growth per request over {MANY:,}"], rows)

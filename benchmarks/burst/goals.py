"""Goals of the simulation."""

from collections.abc import Iterator

from benchmarks.burst.simulation import Result

DEFAULT_RATE, HIGHER_RATE = 40, 1_000
"""SSM's limits of calls per second, by default and with higher throughput."""
MAX_WAIT_SECONDS = 25
MAX_CALLS_EACH = 3.6
"""At the default limit."""
MAX_P99_SECONDS = 2
"""At the higher limit."""


def find_missed_goals(result: Result) -> Iterator[str]:
    """Yield a sentence for each goal that a result misses."""
    burst = f"{result.containers} containers at {result.rate} calls/s"
    if result.failed:
        yield f"{burst}: {result.failed} failed"
    if result.wait(100) > MAX_WAIT_SECONDS:
        yield f"{burst}: the longest wait is {result.wait(100):.1f} s, the goal {MAX_WAIT_SECONDS} s"
    if result.rate == DEFAULT_RATE and result.calls_each > MAX_CALLS_EACH:
        yield f"{burst}: {result.calls_each:.2f} calls per container, the goal is {MAX_CALLS_EACH}"
    if result.rate == HIGHER_RATE and result.wait(99) > MAX_P99_SECONDS:
        yield f"{burst}: the p99 of the waits is {result.wait(99):.1f} s, the goal {MAX_P99_SECONDS} s"

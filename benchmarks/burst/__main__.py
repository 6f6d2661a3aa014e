"""`python -m benchmarks.burst [CONTAINERS ...]`: print how long cold containers wait for SSM, and check the goals."""

import argparse
import sys
from pathlib import Path

from benchmarks.burst.goals import DEFAULT_RATE, HIGHER_RATE, find_missed_goals
from benchmarks.burst.simulation import Result, simulate
from benchmarks.report import table

RESULTS = Path(__file__).with_name("results.md")
CONTAINERS = (30, 100, 200, 400, 800)
TITLES = (
    "SSM limit",
    "containers",
    "served",
    "failed",
    "p50 wait",
    "p99 wait",
    "SSM calls",
    "calls each",
    "KMS decrypts",
)


def main() -> None:
    """Run the command line. Without arguments, it also writes the table to results.md."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.burst", description=__doc__)
    parser.add_argument("containers", nargs="*", type=int, help="numbers of containers (default: 30 to 800)")
    parser.add_argument("--charge-refused", action="store_true", help="let refused calls use up SSM's quota; no goals")
    options = parser.parse_args()
    results = [
        simulate(containers, rate, charge_refused=options.charge_refused)
        for rate in (DEFAULT_RATE, HIGHER_RATE)
        for containers in options.containers or CONTAINERS
    ]
    text = table(TITLES, map(_format, results))
    print(text)
    if options.charge_refused:
        return
    if missed := [goal for result in results for goal in find_missed_goals(result)]:
        sys.exit("\n".join(["missed goals:", *missed]))
    if not options.containers:
        RESULTS.write_text(f"{text}\n")


def _format(result: Result) -> list[str]:
    return [
        f"{result.rate:,}/s",
        f"{result.containers:,}",
        f"{len(result.waits):,}",
        f"{result.failed:,}",
        f"{result.wait(50):.1f} s",
        f"{result.wait(99):.1f} s",
        f"{result.calls:,}",
        f"{result.calls_each:.2f}",
        f"{result.decrypts:,}",
    ]


if __name__ == "__main__":
    main()

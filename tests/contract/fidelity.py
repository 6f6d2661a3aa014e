"""`make fidelity`: replay all documented samples against the simulator, and count the differences by severity.

Exits with 1 if a sample is not compared, or a difference above `low` is not listed in tests/support/fidelity.tsv.
"""

import sys

import pytest

from tests.support.contract import sample_names
from tests.support.fidelity import REPLAYS


def main() -> int:
    """Run the tests that compare the samples, and print the result. Returns the exit status."""
    status = pytest.main(["-q", "--no-header", "tests/integration/simulator"])
    compared = REPLAYS.found.keys()
    missing = sorted(sample_names() - compared)
    counts = REPLAYS.counts()
    print(f"Compared {len(compared)} of {len(compared) + len(missing)} documented samples")
    print(
        "Differences:", ", ".join(f"{counts[severity]} {severity}" for severity in ("high", "medium", "listed", "low"))
    )
    for name in missing:
        print(f"not compared: {name}")
    for name, found in sorted(REPLAYS.found.items()):
        for item in found:
            print(f"{REPLAYS.severity(name, item)}: {name}: {item.path}: {item.text}")
    return 1 if status or missing or counts["high"] or counts["medium"] else 0


if __name__ == "__main__":
    sys.exit(main())

"""Durations of the functions: measured in benchmarks/results.md, or assumed if they depend on other services."""

import re
from dataclasses import dataclass
from pathlib import Path

RESULTS = Path(__file__).parents[2] / "benchmarks" / "results.md"
IMAGE, HOST = "In Lambda's image", "Cold start"

CALL_SECONDS = 0.2
"""A call to 100ms, nearly all of it spent in 100ms. A code exchange is one."""
WEBHOOK_SECONDS = 0.05
"""A webhook: two writes to DynamoDB and one event."""
KEEPER_SECONDS = 0.05
"""An event of attendance, alone in its batch."""
COMMAND_SECONDS = 0.3


@dataclass(frozen=True, slots=True)
class Durations:
    """Measured durations in seconds.

    Attributes:
        token: `POST /token` in a warm container.
        token_cold: `POST /token` in a new container, without the time that AWS needs to start it.
        webhook_cold: a webhook in a new container, estimated from `token_cold` and the ratio of both on the host.
    """

    token: float
    token_cold: float
    webhook_cold: float

    @classmethod
    def from_results(cls, results: str) -> "Durations":
        """Read the durations from the text of benchmarks/results.md."""
        cold, warm = _milliseconds(results, IMAGE, "POST /token")[:2]
        _, token_on_host = _milliseconds(results, HOST, "POST /token")[:2]
        _, webhook_on_host = _milliseconds(results, HOST, "webhooks")[:2]
        return cls(warm / 1000, cold / 1000, cold / 1000 * webhook_on_host / token_on_host)


def _milliseconds(results: str, section: str, row: str) -> list[float]:
    """Return the times in a row of a section's first table."""
    line = re.search(rf"^## {section}$.*?^\| {row} \|(.*?)$", results, re.MULTILINE | re.DOTALL)
    if not line:
        raise ValueError(f"benchmarks/results.md: must have a row {row!r} under {section!r}")
    return [float(number) for number in re.findall(r"([\d.]+) ms", line[1])]


MEASURED = Durations.from_results(RESULTS.read_text())

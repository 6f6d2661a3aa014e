"""Formats measurements as Markdown tables, and records the ratios that CI watches."""

import json
import platform
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.candidates import lambda_python

RESULTS = Path(__file__).with_name("results.md")
RATIOS = Path(__file__).with_name("ratios.json")
TOLERANCE = 1.25
"""The factor by which a ratio may exceed the recorded one."""

Row = Sequence[str]


def table(titles: Row, rows: Iterable[Row]) -> str:
    """Return a Markdown table. Columns after the first are right-aligned."""
    lines = [titles, ["---", *["---:"] * (len(titles) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def format_milliseconds(seconds: float) -> str:
    """Format seconds as milliseconds."""
    return f"{seconds * 1000:.2f} ms" if seconds < 0.01 else f"{seconds * 1000:.0f} ms"


def format_microseconds(seconds: float) -> str:
    """Format seconds as microseconds."""
    return f"{seconds * 1e6:,.0f} µs"


def format_ratio(ratio: float) -> str:
    """Format a ratio."""
    return f"{ratio:.2f} x"


def format_megabytes(size: float) -> str:
    """Format bytes as MB."""
    return f"{size / 1e6:.1f} MB"


def describe_environment() -> str:
    """Return the date, the machine and the versions of the packages."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    processor = f"{len(names)} x {names[0]}" if names else platform.machine()
    python = subprocess.check_output([lambda_python(), "-V"], text=True).strip()  # noqa: S603
    packages = ("aws-lambda-powertools", "pydantic", "pyjwt", "requests")
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    return f"{datetime.now(UTC):%Y-%m-%d}, {processor}, {platform.system()} {platform.release()}, {python}, {versions}."


def regressions(measured: Mapping[str, float]) -> dict[str, str]:
    """Return a message for each ratio that exceeds the recorded one by more than the tolerance."""
    recorded: dict[str, float] = json.loads(RATIOS.read_text())
    return {
        name: f"{name}: {format_ratio(ratio)}, recorded: {format_ratio(recorded[name])}"
        for name, ratio in measured.items()
        if ratio > recorded[name] * TOLERANCE
    }


def record(measured: Mapping[str, float]) -> None:
    """Write the ratios to ratios.json."""
    RATIOS.write_text(json.dumps({name: round(ratio, 2) for name, ratio in measured.items()}, indent=2) + "\n")

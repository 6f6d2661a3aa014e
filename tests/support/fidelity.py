"""Compares responses of the simulator with documented samples, and counts the differences by severity."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from tests.http_api import ROOT

Severity = Literal["high", "medium", "low"]

ZERO_TIME = "0001-01-01T00:00:00Z"
LISTED = ROOT / "tests" / "support" / "fidelity.tsv"
_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(\d+))?Z")
_TYPES: dict[type, str] = {dict: "object", list: "array", str: "string", bool: "boolean"}


@dataclass(frozen=True)
class Difference:
    """A difference between a sample and a response.

    Attributes:
        severity: `high` for a member that is missing or has another type, `medium` for null or a time of another
            precision, `low` for an additional or empty member.
        path: JSON path of the member.
        text: what differs.
    """

    severity: Severity
    path: str
    text: str


class Replays:
    """The compared samples and their differences. Reasons of listed ones are choices in docs/simulator.md."""

    def __init__(self) -> None:
        self.found: dict[str, list[Difference]] = {}
        lines = LISTED.read_text("utf-8").splitlines()[1:]
        self._listed = {tuple(line.split("\t")[:2]) for line in lines}

    def compare(self, sample_name: str, sample: Any, value: Any) -> list[Difference]:
        """Record the differences of a response. Returns those above `low` that are not listed.

        Several responses can be compared with a sample. The closest one counts, because a sample shows one situation.
        """
        found = list(differences(sample, value))
        unlisted = [item for item in found if item.severity != "low" and not self._is_listed(sample_name, item)]
        closest = self.found.get(sample_name)
        if closest is None or len(found) < len(closest):
            self.found[sample_name] = found
        return unlisted

    def counts(self) -> Counter[str]:
        """Return the number of differences by severity. Listed ones count as `listed`."""
        return Counter(self.severity(name, item) for name, found in self.found.items() for item in found)

    def severity(self, sample_name: str, difference: Difference) -> str:
        """Return the severity of a difference from a sample, or `listed`."""
        return "listed" if self._is_listed(sample_name, difference) else difference.severity

    def _is_listed(self, sample_name: str, difference: Difference) -> bool:
        return (sample_name, re.sub(r"\[\d+\]", "[]", difference.path)) in self._listed


def differences(sample: Any, value: Any, path: str = "$") -> Iterator[Difference]:
    """Yield the differences between a sample and a response.

    List items are compared in order, and so are the members of maps whose keys are UUIDs.
    """
    if sample is None or value is None:
        if sample is not value:
            yield Difference("medium", path, "null" if value is None else "not null")
    elif _type(sample) != _type(value):
        yield Difference("high", path, f"{_type(value)}, not {_type(sample)}")
    elif isinstance(sample, dict):
        yield from _object_differences(sample, value, path)
    elif isinstance(sample, list):
        if sample and not value:
            yield Difference("high", path, "empty")
        for index, item in enumerate(sample if value else []):
            yield from differences(item, value[min(index, len(value) - 1)], f"{path}[{index}]")
    elif isinstance(sample, str):
        yield from _text_differences(sample, value, path)


def _object_differences(sample: dict[str, Any], value: dict[str, Any], path: str) -> Iterator[Difference]:
    if sample and all(map(_UUID.fullmatch, sample)):
        yield from differences(list(sample.values()), list(value.values()), path)
        return
    for name, member in sample.items():
        if name in value:
            yield from differences(member, value[name], f"{path}.{name}")
        else:
            yield Difference("high", f"{path}.{name}", "missing")
    for name in value.keys() - sample.keys():
        yield Difference("low", f"{path}.{name}", "additional")


def _text_differences(sample: str, value: str, path: str) -> Iterator[Difference]:
    expected = _precision(sample)
    if expected is None:
        if bool(sample) != bool(value):
            yield Difference("low", path, "not empty" if value else "empty")
    elif _precision(value) != expected and not (expected == "milliseconds" and _precision(value) == "seconds"):
        # One stored time in a thousand is a whole second.
        yield Difference("medium", path, f"{_precision(value)}, not {expected}")


def _type(value: Any) -> str:
    return _TYPES.get(type(value), "number")


def _precision(text: str) -> str | None:
    match = _TIMESTAMP.fullmatch(text)
    if match is None:
        return None
    if text == ZERO_TIME:
        return "zero time"
    digits = len(match[1] or "")
    return "seconds" if digits == 0 else "milliseconds" if digits <= 3 else "nanoseconds"


REPLAYS = Replays()

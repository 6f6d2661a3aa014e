"""Formats warnings about undocumented input that was sent to 100ms."""

from collections.abc import Sequence

from hms.problem import Problem

HEADER = "x-hms-warnings"
MAX_WARNINGS = 10
"""Maximum number of warnings in a header, a log line or a result. With paths of 64 characters, the header stays under
1 KB."""


def format_header(warnings: Sequence[Problem]) -> str:
    """Return `<count>; <path>=<code>, …` with the first ten warnings."""
    return f"{len(warnings)}; {', '.join(list_for_caller(warnings))}"


def list_for_caller(warnings: Sequence[Problem]) -> list[str]:
    """Return the first ten warnings, with the names that the caller sent."""
    return [warning.header_value for warning in warnings[:MAX_WARNINGS]]


def list_for_log(warnings: Sequence[Problem]) -> list[str]:
    """Return the first ten warnings, with declared names only."""
    return [warning.log_value for warning in warnings[:MAX_WARNINGS]]

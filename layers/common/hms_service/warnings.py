"""Formats what was sent although 100ms does not document it."""

from collections.abc import Sequence

from hms.problem import Problem

HEADER = "x-hms-warnings"
MAX_WARNINGS = 10
"""Warnings in a header, a log line or a result. With 64 characters a path, a header stays under 1 KB."""


def format_header(warnings: Sequence[Problem]) -> str:
    """Return `<count>; <path>=<code>, …`, at most ten of them."""
    return f"{len(warnings)}; {', '.join(list_for_caller(warnings))}"


def list_for_caller(warnings: Sequence[Problem]) -> list[str]:
    """Return at most ten warnings with the names that the caller sent."""
    return [warning.header_value for warning in warnings[:MAX_WARNINGS]]


def list_for_log(warnings: Sequence[Problem]) -> list[str]:
    """Return at most ten warnings with declared names only."""
    return [warning.log_value for warning in warnings[:MAX_WARNINGS]]

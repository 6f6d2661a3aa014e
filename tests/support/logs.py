"""Reads the log lines of a function."""

import io
import json
import logging
import re
from typing import Any, cast

from tests.http_api import ROOT


class Log:
    """Capture the lines of a service's logger. Call this after its function is loaded."""

    def __init__(self, service: str) -> None:
        self._written = io.StringIO()
        for handler in logging.getLogger(service).handlers:
            cast(logging.StreamHandler[io.StringIO], handler).stream = self._written

    def lines(self) -> list[dict[str, Any]]:
        """All lines, parsed from JSON."""
        return [json.loads(line) for line in self._written.getvalue().splitlines()]


def documented_fields() -> set[str]:
    """Return the fields of log lines from the table in the documentation."""
    table = (ROOT / "docs" / "operations.md").read_text().partition("## Logs")[2].partition("Logs Insights")[0]
    cells = re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
    return {field for cell in cells for field in re.findall(r"`(\w+)`", cell)}

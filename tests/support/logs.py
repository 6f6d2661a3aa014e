"""What a function logs, wherever its logger has been writing to."""

import io
import json
import logging
from typing import Any, cast


class Log:
    """The lines of a service's logger from now on, once its function is loaded."""

    def __init__(self, service: str) -> None:
        self._written = io.StringIO()
        for handler in logging.getLogger(service).handlers:
            cast(logging.StreamHandler[io.StringIO], handler).stream = self._written

    def lines(self) -> list[dict[str, Any]]:
        """All of them, each JSON."""
        return [json.loads(line) for line in self._written.getvalue().splitlines()]

"""Statistics of the calls to 100ms in one invocation, for logs and metrics."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

from hms.problem import Problem

MAX_WARNINGS = 1000
"""Maximum number of warnings that are kept."""


@dataclass(slots=True)
class UpstreamStats:
    """Statistics of calls to 100ms.

    Attributes:
        calls: number of calls.
        attempts: number of HTTP requests, including retries.
        status_code: status of the last response; None: no response.
        seconds: duration of all requests, without pauses between attempts.
        errors: number of calls that ended with a 5xx or without a valid response.
        auth_failures: number of calls that 100ms rejected with 401 although the app's key pair signed them.
        warnings: problems of requests that were sent although they differ from the documentation, at most 1,000.
        validation: `skipped` if a request was not validated because the models were still loading; `failed` if the
            validation raised an error.
    """

    calls: int = 0
    attempts: int = 0
    status_code: int | None = None
    seconds: float = 0.0
    errors: int = 0
    auth_failures: int = 0
    warnings: list[Problem] = field(default_factory=list)
    validation: str = ""

    def add_warnings(self, problems: Iterable[Problem]) -> None:
        """Add problems to the warnings."""
        self.warnings += islice(problems, MAX_WARNINGS - len(self.warnings))

    @property
    def retries(self) -> int:
        """Number of requests after the first of each call."""
        return max(self.attempts - self.calls, 0)

    @property
    def milliseconds(self) -> float:
        """Duration of all requests, in milliseconds."""
        return round(self.seconds * 1000, 1)

"""What the calls of an invocation to 100ms came to, for its log and its metrics."""

from dataclasses import dataclass, field

from hms.problem import Problem


@dataclass(slots=True)
class UpstreamStats:
    """Calls of 100ms.

    Attributes:
        calls: how many there were.
        attempts: how many requests they took.
        status_code: of the last answer, None where there was none.
        seconds: how long the requests took together, without the pauses between tries.
        errors: calls that ended without an answer to pass on, or with a 5xx.
        auth_failures: calls that the app's own key was refused, with 401.
        warnings: what was sent although 100ms does not document it.
        validation: `skipped` if a request was not checked because the models were not loaded yet; `failed` if the check
            itself failed.
    """

    calls: int = 0
    attempts: int = 0
    status_code: int | None = None
    seconds: float = 0.0
    errors: int = 0
    auth_failures: int = 0
    warnings: list[Problem] = field(default_factory=list)
    validation: str = ""

    @property
    def retries(self) -> int:
        """Requests beyond the first of each call."""
        return max(self.attempts - self.calls, 0)

    @property
    def milliseconds(self) -> float:
        """How long the requests took together."""
        return round(self.seconds * 1000, 1)

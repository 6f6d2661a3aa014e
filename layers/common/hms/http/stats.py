"""What the calls of an invocation to 100ms came to, for its log and its metrics."""

from dataclasses import dataclass


@dataclass(slots=True)
class Traffic:
    """Calls of 100ms.

    Attributes:
        calls: how many there were.
        tries: how many requests they took.
        status: of the last answer, None where there was none.
        seconds: how long the requests took together, without the pauses between tries.
        errors: calls that ended without an answer to pass on, or with a 5xx.
        refusals: calls that the app's own key was refused, with 401.
    """

    calls: int = 0
    tries: int = 0
    status: int | None = None
    seconds: float = 0.0
    errors: int = 0
    refusals: int = 0

    @property
    def retries(self) -> int:
        """Requests beyond the first of each call."""
        return max(self.tries - self.calls, 0)

    @property
    def milliseconds(self) -> float:
        """How long the requests took together."""
        return round(self.seconds * 1000, 1)

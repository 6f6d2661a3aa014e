"""The context that Lambda passes to a handler."""

import time

from aws_lambda_powertools.utilities.typing import LambdaContext


class Context(LambdaContext):
    """The context of an invocation that starts now.

    Args:
        milliseconds: remaining time of the invocation.
        request_id: ID of the invocation.
    """

    def __init__(self, milliseconds: int = 29_000, request_id: str = "8f5cbb0c-3f6c-4b38-9f0c-5c8e4a1d2b3f") -> None:
        self._aws_request_id = request_id
        self._ends = time.monotonic() + milliseconds / 1000

    def get_remaining_time_in_millis(self) -> int:  # type: ignore[override]
        """Return the remaining time in milliseconds."""
        return max(0, int((self._ends - time.monotonic()) * 1000))

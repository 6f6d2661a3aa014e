"""The context that Lambda hands to a handler."""

import time

from aws_lambda_powertools.utilities.typing import LambdaContext


class Context(LambdaContext):
    """A context of an invocation that begins now.

    Args:
        milliseconds: how long the invocation may take.
        request_id: its id.
    """

    def __init__(self, milliseconds: int = 29_000, request_id: str = "8f5cbb0c-3f6c-4b38-9f0c-5c8e4a1d2b3f") -> None:
        self._aws_request_id = request_id
        self._ends = time.monotonic() + milliseconds / 1000

    def get_remaining_time_in_millis(self) -> int:  # type: ignore[override]
        """Return the milliseconds until the invocation ends."""
        return max(0, int((self._ends - time.monotonic()) * 1000))

"""Returns its input."""

import os
import time
from typing import Any

from shared import Event, process_id  # type: ignore[import-not-found]

current: list[str] = []


def handler(event: Event, context: Any) -> dict[str, Any]:
    """Return the event, the context, the environment, and whether the invocation ran alone."""
    current[:] = [context.aws_request_id]
    remaining = context.get_remaining_time_in_millis()
    time.sleep(0.005)
    return {
        "event": event,
        "process": process_id(),
        "undisturbed": current == [context.aws_request_id],
        "environment": dict(os.environ),
        "context": {name: value for name, value in vars(context).items() if not name.startswith("_")},
        "remaining": [remaining, context.get_remaining_time_in_millis()],
    }

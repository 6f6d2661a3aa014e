"""A DynamoDB in which another delivery holds every idempotency record, with an expired deadline."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.servers import Received, ScriptedServer, Step, answer, serve

REFUSED = "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException"


@contextmanager
def contended_store() -> Iterator[ScriptedServer]:
    """Serve it on loopback: each write meets an expired record of the same key and request."""
    with serve(respond=_refuse) as server:
        yield server


def _refuse(request: Received) -> Step:
    item = json.loads(request.body).get("Item")
    if item is None:
        return answer(200, b"{}")
    kept = {**item, "status": {"S": "INPROGRESS"}, "in_progress_expiration": {"N": "1"}}
    body = {"__type": REFUSED, "message": "The conditional request failed", "Item": kept}
    return answer(400, json.dumps(body).encode())

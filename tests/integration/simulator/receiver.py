"""A receiver of the simulator's webhooks, and the comparison of what it gets with contract/webhooks.openapi.yaml."""

import contextlib
import json
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from tests.integration.simulator.client import Client
from tests.support.contract import document, missing_keys, schema_errors, webhooks
from tests.support.servers import Received, ScriptedServer, Step, answer, serve

Value = TypeVar("Value")

HISTORY = "/v2/analytics/webhooks"


class Receiver:
    """Gets webhooks on loopback and answers them as its script says, with 200 unless told otherwise."""

    def __init__(self, upstream: ScriptedServer) -> None:
        self._upstream = upstream
        self.url = f"{upstream.url}/webhook"

    @property
    def posts(self) -> list[Received]:
        return list(self._upstream.requests)

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(post.body) for post in self.posts]

    def answer_with(self, *script: Step) -> None:
        self._upstream.script = list(script)

    def wait_for(self, count: int) -> list[dict[str, Any]]:
        """The events, once there are `count` of them."""
        return eventually(lambda: self.events, lambda events: len(events) >= count)


@contextlib.contextmanager
def receiver(*script: Step) -> Iterator[Receiver]:
    with serve(*(script or (answer(),))) as upstream:
        yield Receiver(upstream)


def set_workspace_webhook(simulator: Client, url: str, **headers: str) -> None:
    """Make this the workspace's webhook."""
    response = simulator.call("PUT", "/_simulator/webhook", json={"url": url, "headers": headers})
    assert response.status_code == 200


def cause_events(simulator: Client, room_id: str, times: int = 1) -> None:
    """Cause as many single events: each a room.end.failure."""
    for _ in range(times):
        assert simulator.post(f"/v2/active-rooms/{room_id}/end-room", {}).status_code == 404


def delivery_attempts(simulator: Client, count: int) -> list[dict[str, Any]]:
    """Each try to send an event, once there are as many."""

    def read() -> list[dict[str, Any]]:
        shown: list[dict[str, Any]] = simulator.get_json("/_simulator/deliveries")["deliveries"]
        return shown

    return eventually(read, lambda shown: len(shown) >= count)


def history(simulator: Client, count: int, **query: Any) -> list[dict[str, Any]]:
    """The history of deliveries, once it has as many events."""

    def read() -> list[dict[str, Any]]:
        shown: list[dict[str, Any]] = simulator.get_json(HISTORY, **query)["events"]
        return shown

    return eventually(read, lambda shown: len(shown) >= count)


def eventually(read: Callable[[], Value], passes: Callable[[Value], bool]) -> Value:
    """What `read` gives as soon as it passes; fails with the last of it after ten seconds."""
    end = time.monotonic() + 10
    while not passes(value := read()):
        assert time.monotonic() < end, value
        time.sleep(0.01)
    return value


_ABSENT_FOR_API_CALLS = "$.data.role_change_requested_by"


def schema_violations(event: dict[str, Any]) -> list[str]:
    """How a delivered event differs from its schema and its documented sample."""
    content = webhooks()[event["type"]]
    schema = {**content["schema"], "components": document("webhooks")["components"]}
    sample = missing_keys(content["examples"]["sample"]["value"], event)
    missing = [key for key in sample if key != _ABSENT_FOR_API_CALLS]
    return [f"{event['type']}: {complaint}" for complaint in schema_errors(schema, event) + missing]

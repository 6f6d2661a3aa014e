"""A receiver of the simulator's webhooks that compares them with contract/webhooks.openapi.yaml."""

import contextlib
import json
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from tests.integration.simulator.client import Client
from tests.support.contract import document, schema_errors, webhooks
from tests.support.fidelity import REPLAYS
from tests.support.servers import Received, ScriptedServer, Step, answer, serve

Value = TypeVar("Value")

HISTORY = "/v2/analytics/webhooks"


class Receiver:
    """Receives webhooks on loopback and responds as its script defines (default: 200)."""

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
        """Return the events, once there are `count`."""
        return eventually(lambda: self.events, lambda events: len(events) >= count)


@contextlib.contextmanager
def receiver(*script: Step) -> Iterator[Receiver]:
    with serve(*(script or (answer(),))) as upstream:
        yield Receiver(upstream)


def set_workspace_webhook(simulator: Client, url: str, **headers: str) -> None:
    """Configure this receiver as the workspace's webhook."""
    response = simulator.call("PUT", "/_simulator/webhook", json={"url": url, "headers": headers})
    assert response.status_code == 200


def cause_events(simulator: Client, room_id: str, times: int = 1) -> None:
    """Cause this number of events, each a room.end.failure."""
    for _ in range(times):
        assert simulator.post(f"/v2/active-rooms/{room_id}/end-room", {}).status_code == 404


def delivery_attempts(simulator: Client, count: int) -> list[dict[str, Any]]:
    """Return all attempts to send an event, once there are `count`."""

    def read() -> list[dict[str, Any]]:
        shown: list[dict[str, Any]] = simulator.get_json("/_simulator/deliveries")["deliveries"]
        return shown

    return eventually(read, lambda shown: len(shown) >= count)


def history(simulator: Client, count: int, **query: Any) -> list[dict[str, Any]]:
    """Return the history of deliveries, once it has `count` events."""

    def read() -> list[dict[str, Any]]:
        shown: list[dict[str, Any]] = simulator.get_json(HISTORY, **query)["events"]
        return shown

    return eventually(read, lambda shown: len(shown) >= count)


def eventually(read: Callable[[], Value], passes: Callable[[Value], bool]) -> Value:
    """Return the result of `read` once it passes. Fails with the last result after 10 seconds."""
    end = time.monotonic() + 10
    while not passes(value := read()):
        assert time.monotonic() < end, value
        time.sleep(0.01)
    return value


def schema_violations(event: dict[str, Any]) -> list[str]:
    """Return the differences between a delivered event and its schema and documented sample."""
    content = webhooks()[event["type"]]
    schema = {**content["schema"], "components": document("webhooks")["components"]}
    different = REPLAYS.compare(event["type"], content["examples"]["sample"]["value"], event)
    complaints = schema_errors(schema, event) + [difference.path for difference in different]
    return [f"{event['type']}: {complaint}" for complaint in complaints]

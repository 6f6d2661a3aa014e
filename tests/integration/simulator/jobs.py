"""Shared by the tests of recordings, live streams and external streams: rooms, peers, time and events."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from tests.integration.simulator.client import Client
from tests.integration.simulator.receiver import Receiver, eventually, receiver

START, STOP, POST_PROCESSING = 3, 1, 4
MEETING_URL = "https://example.app.100ms.live/preview/room/__internal_recorder?skip_preview=true"


def new_room(simulator: Client, **settings: Any) -> str:
    return str(simulator.post_json("/v2/rooms", settings)["id"])


def room_of_template(simulator: Client, **template: Any) -> str:
    """Create a room with a template made through the API."""
    return new_room(simulator, template_id=simulator.post_json("/v2/templates", template)["id"])


def join(simulator: Client, room_id: str, role: str = "host") -> str:
    peer = {"name": "Test user", "role": role, "user_id": "user.001"}
    return str(simulator.post_json(f"/_simulator/rooms/{room_id}/peers", peer)["id"])


def leave(simulator: Client, room_id: str, peer_id: str) -> None:
    assert simulator.delete(f"/_simulator/rooms/{room_id}/peers/{peer_id}").status_code == 200


TIMESTAMP_NAMES = ("created_at", "updated_at", "started_at", "stopped_at", "createdAt", "updatedAt")


def without_times(value: dict[str, Any]) -> dict[str, Any]:
    """Return an object without its timestamps, whose precision depends on the call."""
    return {name: member for name, member in value.items() if name not in TIMESTAMP_NAMES}


def milliseconds(timestamp: str) -> int:
    """Return a timestamp of any precision as Unix time."""
    return int(datetime.fromisoformat(timestamp).timestamp() * 1000)


def pass_time(simulator: Client, seconds: float) -> None:
    simulator.post_json("/_simulator/clock", {"advance_seconds": seconds})


def finish(simulator: Client) -> None:
    """Advance the clock until a stopped job is complete."""
    pass_time(simulator, STOP + POST_PROCESSING)


def statuses(simulator: Client, path: str, *seconds: float) -> list[str]:
    """Return the status of a job after each of these time steps."""
    seen = []
    for step in seconds:
        pass_time(simulator, step)
        seen.append(simulator.get_json(path)["status"])
    return seen


class ReceivedEvents:
    """Return the events of a workspace so far, ordered by time."""

    def __init__(self, hook: Receiver) -> None:
        self._hook = hook

    def event(self, type_: str, count: int = 1) -> dict[str, Any]:
        """Return the only event of a type, or the latest of `count`, once it has arrived."""
        return self.events(type_, count)[-1]

    def events(self, type_: str, count: int) -> list[dict[str, Any]]:
        def read() -> list[dict[str, Any]]:
            return [event for event in self._hook.events if event["type"] == type_]

        found = eventually(read, lambda events: len(events) >= count)
        assert len(found) == count, found
        return sorted(found, key=lambda event: str(event["data"].get("metadata_timestamp", event["timestamp"])))

    def types(self) -> set[str]:
        return {event["type"] for event in self._hook.events}


@contextmanager
def recording_webhooks(simulator: Client) -> Iterator[ReceivedEvents]:
    """A receiver of all events of the workspace."""
    with receiver() as hook:
        assert simulator.call("PUT", "/_simulator/webhook", json={"url": hook.url}).status_code == 200
        yield ReceivedEvents(hook)

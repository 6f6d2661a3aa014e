"""A workspace without HTTP, and what happens in its one room, compared with contract/webhooks.openapi.yaml."""

from collections.abc import Iterator
from typing import Any

from simulator.happenings import Happening, Happenings
from simulator.rooms.state import Rooms
from simulator.sessions.state import Sessions
from simulator.store import Store
from simulator.templates.state import Templates
from simulator.tokens import Tokens
from tests.integration.simulator.client import ACCESS_KEY, SECRET
from tests.support.contract import webhooks

ADDED_BY_THE_SENDER = {"room_id", "room_name", "template_id", "session_id"}


class Told:
    """A workspace with a room, and what happens in it."""

    def __init__(self) -> None:
        self.store = Store(Tokens(ACCESS_KEY, SECRET))
        self.rooms = self.store[Rooms]
        self.sessions = self.store[Sessions]
        roles: Any = {
            "host": {},
            "guest": {"publishParams": {"allowed": ["audio"]}},
            "single": {"maxPeerCount": 1},
            "full": {"maxPeerCount": -1},
        }
        template = self.store[Templates].upsert({"roles": roles})
        self.room = self.rooms.upsert({"template_id": template.id, "max_duration_seconds": 600})
        self._happenings: list[Happening] = []
        self.store[Happenings].listen(self._happenings.append)

    def join(self, **changes: Any) -> str:
        peer = {"name": "Ada", "role": "host", "user_id": "user-1", "metadata": "{}"} | changes
        return self.sessions.join(self.room.id, **peer).id

    def take(self) -> Iterator[Happening]:
        """What happened since the last time, each checked against the contract."""
        happenings, self._happenings[:] = list(self._happenings), []
        for happening in happenings:
            assert happening.room_id == self.room.id
            assert documented(happening.type) <= happening.data.keys() | ADDED_BY_THE_SENDER
            yield happening

    def types(self) -> list[str]:
        return [happening.type for happening in self.take()]

    def the(self, event_type: str) -> Happening:
        (found,) = (happening for happening in self.take() if happening.type == event_type)
        return found


def documented(event_type: str) -> set[str]:
    """The members of an event's sample, but for what only a peer's call has."""
    if event_type not in webhooks():
        assert event_type.startswith("track.")
        return set()
    return set(webhooks()[event_type]["examples"]["sample"]["value"]["data"]) - {"role_change_requested_by"}

"""The one in-memory store: a workspace with its clock, ids and tokens, and the state of every section."""

import threading
from collections.abc import Sequence
from typing import Any, TypeVar, cast

from simulator.clock import Clock
from simulator.ids import Ids
from simulator.tokens import Tokens
from simulator.webhooks.sender import WebhookTarget

Section = TypeVar("Section")


class Store:
    """One workspace. A section's state is a class made with the store: `store[Rooms]` is the workspace's rooms.

    Each request and each action due on the clock runs under `lock`, so sections need no locks of their own.
    The `eager_sections` exist from the start; the others are made when first asked for. A workspace as new has
    `webhook` for its own.
    """

    def __init__(
        self, tokens: Tokens, eager_sections: Sequence[type[Any]] = (), webhook: WebhookTarget | None = None
    ) -> None:
        self.lock = threading.RLock()
        self.clock = Clock(self.lock)
        self.tokens = tokens
        self.webhook = webhook
        self._eager_sections = eager_sections
        self.reset()

    def reset(self) -> None:
        """Forget everything: real time again, and every section as new."""
        with self.lock:
            self.clock.reset()
            self.ids = Ids(self.clock)
            self.customer_id = self.ids.new()
            self.app_id = self.ids.new()
            self._sections: dict[type[Any], Any] = {}
            for section in self._eager_sections:
                self[section]

    def __getitem__(self, section: type[Section]) -> Section:
        with self.lock:
            if section not in self._sections:
                self._sections[section] = cast(Any, section)(self)
            return cast(Section, self._sections[section])

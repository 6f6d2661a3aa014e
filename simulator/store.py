"""Keep one workspace in memory: its clock, IDs, tokens and the state of every section."""

import threading
from collections.abc import Sequence
from typing import Any, TypeVar, cast

from simulator.clock import Clock
from simulator.ids import Ids
from simulator.tokens import Tokens
from simulator.webhook_target import WebhookTarget

Section = TypeVar("Section")


class Store:
    """One workspace. `store[Rooms]` returns the state of the section `Rooms`, which is created with the store.

    Each request and each scheduled action runs under `lock`, so sections need no locks. The `eager_sections` are
    created at once, the others at their first use. `webhook` is the workspace's initial webhook. `url` is the base of
    the links to files, once the simulator serves them.
    """

    def __init__(
        self, tokens: Tokens, eager_sections: Sequence[type[Any]] = (), webhook: WebhookTarget | None = None
    ) -> None:
        self.lock = threading.RLock()
        self.clock = Clock(self.lock)
        self.tokens = tokens
        self.webhook = webhook
        self.url = ""
        self._eager_sections = eager_sections
        self.reset()

    def reset(self) -> None:
        """Restore the initial state: real time, and new sections."""
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

"""Time the DTMF tones of rooms: each lasts 100 ms, and the next begins 100 ms later."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from simulator.clock import format_timestamp
from simulator.store import Store

TONE = timedelta(milliseconds=100)
PAUSE = timedelta(milliseconds=100)
MAX_TONES = 10_000


@dataclass(frozen=True)
class Tone:
    """A tone, and the SIP participants that hear it."""

    room_id: str
    digit: str
    starts_at: datetime
    peer_ids: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the tone as the control API shows it."""
        return {
            "room_id": self.room_id,
            "digit": self.digit,
            "starts_at": format_timestamp(self.starts_at),
            "ends_at": format_timestamp(self.starts_at + TONE),
            "peers": list(self.peer_ids),
        }


class Tones:
    """The latest tones, oldest first. The tones of a room are played one after the other."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._tones: deque[Tone] = deque(maxlen=MAX_TONES)
        self._free_at: dict[str, datetime] = {}

    def play(self, room_id: str, digits: list[str], peer_ids: list[str]) -> None:
        """Play tones to these peers, after the room's earlier tones."""
        starts_at = max(self._store.clock.now(), self._free_at.get(room_id, self._store.clock.now()))
        for digit in digits:
            self._tones.append(Tone(room_id, digit, starts_at, tuple(peer_ids)))
            starts_at += TONE + PAUSE
        self._free_at[room_id] = starts_at

    def list(self) -> list[Tone]:
        """Return all tones."""
        return [*self._tones]

"""Define the tracks that peers publish."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from simulator.clock import format_nanoseconds
from simulator.ids import new_uuid

Json = dict[str, Any]
TrackType = Literal["audio", "video"]


@dataclass(frozen=True)
class Track:
    """The track of a microphone or camera. Tracks that a peer starts together share a stream."""

    id: str
    stream_id: str
    type: TrackType
    started_at: datetime

    def to_dict(self) -> Json:
        """Return the track as active rooms show it."""
        return {
            "id": self.id,
            "stream_id": self.stream_id,
            "mute": False,  # assumed: no track is muted, because no API call mutes
            "type": self.type,
            "source": "regular",
            "started_at": format_nanoseconds(self.started_at),
            "description": "",
        }


def new_tracks(types: Iterable[TrackType], now: datetime) -> list[Track]:
    """Return one new track of each type, all in one stream."""
    stream_id = new_uuid()
    return [Track(new_uuid(), stream_id, type_, now) for type_ in types]

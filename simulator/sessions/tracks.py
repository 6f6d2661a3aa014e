"""Define the tracks that peers publish."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from simulator.clock import format_nanoseconds
from simulator.ids import new_uuid

Json = dict[str, Any]
TrackType = Literal["audio", "video"]
TrackSource = Literal["regular", "screen"]


@dataclass
class Track:
    """The track of a microphone, a camera or a shared screen. Tracks that a peer starts together share a stream."""

    id: str
    stream_id: str
    type: TrackType
    source: TrackSource
    started_at: datetime
    mute: bool = False

    def is_allowed(self, publish_params: Json) -> bool:
        """Return True if a role with these `publishParams` may publish the track."""
        return (self.source if self.source == "screen" else self.type) in publish_params.get("allowed", ())

    def to_dict(self) -> Json:
        """Return the track as active rooms show it."""
        return {
            "id": self.id,
            "stream_id": self.stream_id,
            "mute": self.mute,
            "type": self.type,
            "source": self.source,
            "started_at": format_nanoseconds(self.started_at),
            "description": "",
        }


def new_tracks(types: Iterable[TrackType], now: datetime, source: TrackSource = "regular") -> list[Track]:
    """Return one new track of each type, all in one stream."""
    stream_id = new_uuid()
    return [Track(new_uuid(), stream_id, type_, source, now) for type_ in types]

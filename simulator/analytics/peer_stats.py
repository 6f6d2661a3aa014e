"""Compute a peer's statistics in an ended session: a sample of each track every ten seconds."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from simulator.analytics.state import Analytics, RecordedEvent
from simulator.errors import NotFound
from simulator.rooms.state import Rooms
from simulator.sessions.state import Sessions
from simulator.store import Store

Json = dict[str, Any]

SAMPLE_MILLISECONDS = 10_000  # [analytics.interval-of-the-time-series] the distance between the sample's points
_RIDS = {"f": "h", "h": "m", "q": "l"}  # [analytics.rid] the template's layers, best first


@dataclass(frozen=True)
class Track:
    """A track between two instants. `data` is from its first event; `settings` and `layers` are from its role."""

    data: Json
    start: datetime
    stop: datetime
    settings: Json
    layers: list[Json]

    @property
    def is_video(self) -> bool:
        """True for a camera or a screen."""
        return bool(self.data.get("type") == "video")

    def between(self, start: datetime, stop: datetime) -> "Track":
        """Return the part of the track between two instants."""
        return replace(self, start=max(self.start, start), stop=min(self.stop, stop))

    def series(self, metrics: dict[str, float | None]) -> Json:
        """Return the timestamps and one value of each metric per timestamp; [] for a metric without data."""
        first, last = (int(instant.timestamp() * 1000) for instant in (self.start, self.stop))
        times = list(range(first, last, SAMPLE_MILLISECONDS))
        points = {name: [] if value is None else [value] * len(times) for name, value in metrics.items()}
        return {"timestamps": times, **points}


def peer_stats(store: Store, session_id: str, peer_id: str) -> Json:
    """Return the statistics of a peer. Raises NotFound for an unknown peer or session, or a running session."""
    session = store[Sessions].get(session_id)
    if session.ended_at is None:
        # [analytics.peer-stats-of-a-running-session] the response while it runs
        raise NotFound("session has not ended")
    if peer_id not in session.peers:
        raise NotFound("Peer not found")
    peer = session.peers[peer_id]
    roles = store[Rooms].template(store[Rooms].get(session.room_id)).roles
    subscribed_roles = roles.get(peer.role, {}).get("subscribeParams", {}).get("subscribeToRoles", [])
    tracks = list(_tracks(store[Analytics].list_by_session(session_id), session.ended_at, roles))
    own = [track for track in tracks if track.data.get("peer_id") == peer_id]
    others = [
        track.between(peer.joined_at, peer.left_at or session.ended_at)
        for track in tracks
        if track.data.get("peer_id") != peer_id and track.data.get("role") in subscribed_roles
    ]
    received = [track for track in others if track.start < track.stop]
    return {
        "peer_id": peer_id,
        "session_id": session_id,
        "room_id": session.room_id,
        "publisher": {
            "video": [layer for track in own if track.is_video for layer in _published_video(track)],
            "audio": [_published_audio(track) for track in own if not track.is_video],
        },
        "subscriber": {
            "video": [_received_video(track) for track in received if track.is_video],
            "audio": [_received_audio(track) for track in received if not track.is_video],
        },
    }


def _tracks(events: Iterable[RecordedEvent], ended_at: datetime, roles: Json) -> Iterator[Track]:
    """Yield the tracks that the events describe. A track without a stop event ends with the session."""
    started: dict[str, RecordedEvent] = {}
    stopped: dict[str, datetime] = {}
    for event in events:
        track_id = event.data.get("track_id", "")
        if event.type == "track.add.success":
            started[track_id] = event
        elif event.type == "track.remove.success":
            stopped[track_id] = event.at
    for track_id, event in started.items():
        publish = roles.get(event.data.get("role", ""), {}).get("publishParams", {})
        track_kind = "screen" if event.data.get("source") == "screen" else event.data.get("type", "audio")
        layers = publish.get("simulcast", {}).get(track_kind, {}).get("layers", [])
        yield Track(event.data, event.at, stopped.get(track_id, ended_at), publish.get(track_kind, {}), layers)


# [analytics.network] no loss and no delay. The network carries the rates that the role allows.


def _published_video(track: Track) -> Iterator[Json]:
    single_layer = {"maxBitrate": track.settings.get("bitRate"), "maxFramerate": track.settings.get("frameRate")}
    for layer in track.layers or [single_layer]:
        rates = {"bitrate": _to_bits(layer.get("maxBitrate")), "fps": layer.get("maxFramerate")}
        yield {
            **_video_track(track),
            "rid": _RIDS.get(layer.get("rid", "")),
            "time_series": track.series({**rates, "packet_loss_percent": 0, "rtt_ms": 0}),
        }


def _published_audio(track: Track) -> Json:
    rate = {"bitrate": _to_bits(track.settings.get("bitRate"))}
    return _track_id(track) | {
        "time_series": track.series({**rate, "packet_loss_percent": 0, "rtt_ms": 0, "jitter_ms": 0})
    }


def _received_video(track: Track) -> Json:
    rates = {"bitrate": _to_bits(track.settings.get("bitRate")), "fps": track.settings.get("frameRate")}
    return _video_track(track) | {"time_series": track.series({**rates, "freeze_count": 0})}


def _received_audio(track: Track) -> Json:
    rate = {"bitrate": _to_bits(track.settings.get("bitRate"))}
    return _track_id(track) | {"time_series": track.series({**rate, "concealed_samples": 0, "packet_loss_percent": 0})}


def _track_id(track: Track) -> Json:
    return {"track_id": track.data.get("track_id", "")}


def _video_track(track: Track) -> Json:
    return _track_id(track) | {"type": track.data.get("source", "regular")}


def _to_bits(kilobits: float | None) -> float | None:
    return None if kilobits is None else kilobits * 1000

"""Record sessions, tracks and streams whose recording the room or its template enables. No call starts them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from simulator.clock import parse_timestamp
from simulator.domain_events import DomainEvent, DomainEvents
from simulator.jobs.state import POST_PROCESSING_SECONDS
from simulator.recording_assets.state import Asset, Assets, Origin
from simulator.recording_assets.storage import find_storage
from simulator.rooms.state import Rooms
from simulator.store import Store

Json = dict[str, Any]

BYTES_PER_SECOND = 100_000  # assumed: session, track and stream recordings have 100 kB per second

# The documented failures: error message by error type.
SESSION_FAILURES = {
    "INPUT_ERROR": "No input streams available to create recording",
    "CLOUD_ACCESS_ERROR": "Error accessing cloud bucket. Please make sure upload config is correct",
}


@dataclass
class _Stream:
    """A stream that is recorded from the start of its first track to the end of its last."""

    started_at: str
    tracks: set[str] = field(default_factory=set)


class SfuRecordings:
    """Records sessions if their room enables it, and tracks and streams if its template enables it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._tracks: set[str] = set()
        self._streams: dict[str, _Stream] = {}
        self._sessions_with_tracks: set[str] = set()
        store[DomainEvents].subscribe(self._on_event)

    def _on_event(self, domain_event: DomainEvent) -> None:
        match domain_event.type:
            case "track.add.success":
                self._track_added(domain_event, domain_event.data)
            case "track.remove.success":
                self._track_removed(domain_event, domain_event.data)
            case "session.close.success":
                self._session_closed(domain_event)

    def _track_added(self, domain_event: DomainEvent, track: Json) -> None:
        self._sessions_with_tracks.add(domain_event.session_id)
        room = self._store[Rooms].get(domain_event.room_id)
        for config in self._store[Rooms].template(room).recordings:
            if config.get("trackRecording", {}).get("enabled"):
                self._tracks.add(track["track_id"])
                self._publish_event(domain_event, "track.recording.started.success", _track_data(track))
            if config.get("streamRecording", {}).get("enabled"):
                stream = self._streams.setdefault(track["stream_id"], _Stream(track["started_at"]))
                stream.tracks.add(track["track_id"])

    def _track_removed(self, domain_event: DomainEvent, track: Json) -> None:
        if track["track_id"] in self._tracks:
            self._tracks.remove(track["track_id"])
            seconds = _seconds(track["started_at"], track["stopped_at"])
            self._call_after_processing(lambda: self._record_track(domain_event, seconds))
        stream = self._streams.get(track["stream_id"])
        if stream is not None:
            stream.tracks.discard(track["track_id"])
            if not stream.tracks:
                del self._streams[track["stream_id"]]
                length = _seconds(stream.started_at, track["stopped_at"])
                self._call_after_processing(lambda: self._record_stream(domain_event, length))

    def _session_closed(self, domain_event: DomainEvent) -> None:
        rooms = self._store[Rooms]
        has_tracks = domain_event.session_id in self._sessions_with_tracks
        self._sessions_with_tracks.discard(domain_event.session_id)
        if not rooms.is_recorded(rooms.get(domain_event.room_id)):
            return
        if has_tracks:
            self._call_after_processing(lambda: self._record_session(domain_event))
        else:
            self._call_after_processing(lambda: self._fail_session(domain_event, "INPUT_ERROR"))

    def _record_track(self, domain_event: DomainEvent, seconds: int) -> None:
        track = _track_data(domain_event.data)
        asset = self._add(self._origin(domain_event), "track", ".webm", seconds, track)
        self._publish_event(
            domain_event, "track.recording.success", track | self._asset_event_data(asset) | {"duration": seconds}
        )

    def _record_stream(self, domain_event: DomainEvent, seconds: int) -> None:
        stream = {name: domain_event.data[name] for name in ("stream_id", "peer_id", "user_id")}
        stream_type = domain_event.data["source"]
        asset = self._add(self._origin(domain_event), "stream", ".mp4", seconds, stream | {"stream_type": stream_type})
        event_data = stream | self._asset_event_data(asset) | {"type": stream_type, "duration": seconds}
        self._publish_event(domain_event, "stream.recording.success", event_data)

    def _record_session(self, domain_event: DomainEvent) -> None:
        # assumed: session recordings that a room or template enables have the type room-composite-legacy.
        session = domain_event.data
        seconds = session["session_duration"]
        origin = self._origin(domain_event)
        if not origin.storage.is_reachable:
            self._fail_session(domain_event, "CLOUD_ACCESS_ERROR")
            return
        composite = self._store[Assets].add(origin, "room-composite-legacy", ".mp4", size=seconds * BYTES_PER_SECOND)
        chat = self._store[Assets].add_chat(origin)
        event_data = {
            name: value for name, value in self._asset_event_data(composite).items() if name != "recording_id"
        }
        event_data |= {
            "duration": seconds,
            "chat_recording_path": chat.path,
            "chat_recording_presigned_url": self._store[Assets].link(origin, chat.path),
            "session_started_at": session["session_started_at"],
            "session_stopped_at": session["session_stopped_at"],
        }
        self._publish_event(domain_event, "recording.success", event_data)

    def _fail_session(self, domain_event: DomainEvent, error_type: str) -> None:
        times = {name: domain_event.data[name] for name in ("session_started_at", "session_stopped_at")}
        failure = {"error": SESSION_FAILURES[error_type], "error_type": error_type}
        self._publish_event(domain_event, "recording.failed", failure | times)

    def _add(self, origin: Origin, asset_type: str, suffix: str, seconds: int, metadata: Json) -> Asset:
        return self._store[Assets].add(
            origin, asset_type, suffix, duration=seconds, size=seconds * BYTES_PER_SECOND, metadata=metadata
        )

    def _asset_event_data(self, asset: Asset) -> Json:
        return {
            "recording_id": asset.origin.job_id,
            "recording_path": asset.path,
            "recording_presigned_url": self._store[Assets].link(asset.origin, asset.path),
            "size": asset.size,
        }

    def _origin(self, domain_event: DomainEvent) -> Origin:
        # assumed: each recording of a session, track or stream is a separate job.
        storage = find_storage(self._store, self._store[Rooms].get(domain_event.room_id))
        return Origin(self._store.ids.new(), domain_event.room_id, domain_event.session_id, storage)

    def _publish_event(self, cause: DomainEvent, event_type: str, data: Json) -> None:
        self._store[DomainEvents].publish(DomainEvent(event_type, cause.room_id, cause.session_id, data))

    def _call_after_processing(self, action: Callable[[], None]) -> None:
        self._store.clock.call_later(POST_PROCESSING_SECONDS, action)


def _track_data(track: Json) -> Json:
    ids = {name: track[name] for name in ("track_id", "stream_id", "peer_id")}
    return ids | {"track_type": track["type"]}


def _seconds(started_at: str, stopped_at: str) -> int:
    return int((parse_timestamp(stopped_at) - parse_timestamp(started_at)).total_seconds())

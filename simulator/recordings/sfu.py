"""Record sessions, tracks and streams whose recording the room or its template enables. No call starts them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from simulator.clock import parse_timestamp
from simulator.domain_events import DomainEvent, DomainEvents
from simulator.files.content import Content
from simulator.files.media import mp4, webm
from simulator.jobs.state import POST_PROCESSING_SECONDS
from simulator.recording_assets.origin import Origin
from simulator.recording_assets.state import Asset, Assets
from simulator.recording_assets.storage import find_storage
from simulator.recordings.failures import ERRORS, RecordingFailures, RecordingKind
from simulator.rooms.state import Rooms
from simulator.sessions.state import Sessions
from simulator.store import Store

Json = dict[str, Any]

SESSION_LINK_SECONDS = 86_400
# [recordings.sfu-size] session, track and stream recordings have 100 kB per second
BYTES_PER_SECOND = 100_000


@dataclass
class _Stream:
    """A stream that is recorded from the start of its first track to the end of its last."""

    started_at: str
    tracks: set[str] = field(default_factory=set)


class SfuRecordings:
    """Records sessions if their room enables it, and tracks and streams if its template enables it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._failures = store[RecordingFailures]
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
                self._call_after_processing(lambda: self._record_stream(domain_event, stream.started_at, length))

    def _session_closed(self, domain_event: DomainEvent) -> None:
        rooms = self._store[Rooms]
        has_tracks = domain_event.session_id in self._sessions_with_tracks
        self._sessions_with_tracks.discard(domain_event.session_id)
        if not rooms.is_recorded(rooms.get(domain_event.room_id)):
            return
        self._call_after_processing(lambda: self._record_session(domain_event, has_tracks))

    def _record_track(self, domain_event: DomainEvent, seconds: int) -> None:
        track = _track_data(domain_event.data)
        origin = self._origin(domain_event, domain_event.data["started_at"], domain_event.data["stopped_at"])
        path = origin.track_path(track["peer_id"], track["stream_id"], track["track_id"])
        content = webm(seconds * BYTES_PER_SECOND, seconds)
        asset = self._add(origin, "track", path, content, seconds, track)
        self._publish_result(domain_event, "track.recording", asset, track)

    def _record_stream(self, domain_event: DomainEvent, started_at: str, seconds: int) -> None:
        stream = {name: domain_event.data[name] for name in ("stream_id", "peer_id", "user_id")}
        stream_type = domain_event.data["source"]
        origin = self._origin(domain_event, started_at, domain_event.data["stopped_at"])
        path = origin.stream_path(stream["peer_id"], stream["stream_id"])
        content = mp4(seconds * BYTES_PER_SECOND, seconds)
        asset = self._add(origin, "stream", path, content, seconds, stream | {"stream_type": stream_type})
        self._publish_result(domain_event, "stream.recording", asset, stream | {"type": stream_type})

    def _record_session(self, domain_event: DomainEvent, has_tracks: bool) -> None:
        session = domain_event.data
        times = {name: session[name] for name in ("session_started_at", "session_stopped_at")}
        origin = self._origin(domain_event, *times.values())
        error_type = self._failures.take(domain_event.room_id, "session")
        if error_type is None and not has_tracks:
            error_type = "INPUT_ERROR"
        elif error_type is None and not origin.storage.is_reachable:
            error_type = "CLOUD_ACCESS_ERROR"
        if error_type is not None:
            failure = {"error": ERRORS[error_type], "error_type": error_type}
            self._publish_event(domain_event, "recording.failed", failure | times)
            return
        # [recordings.session-type] session recordings that a room or template
        # enables have the type room-composite-legacy.
        seconds = session["session_duration"]
        content = mp4(seconds * BYTES_PER_SECOND, seconds)
        composite = self._store[Assets].add(origin, "room-composite-legacy", origin.session_path(), content)
        chat = self._store[Assets].add_chat(origin)
        event_data = {
            "recording_path": composite.path,
            "recording_presigned_url": self._store[Assets].link(origin, composite.path, SESSION_LINK_SECONDS),
            "size": composite.size,
            "duration": seconds,
            "chat_recording_path": chat.path,
            "chat_recording_presigned_url": self._store[Assets].link(origin, chat.path),
        }
        self._publish_event(domain_event, "recording.success", event_data | times)

    def _publish_result(self, cause: DomainEvent, prefix: str, asset: Asset, data: Json) -> None:
        """Publish the success or failure of a recorded track or stream."""
        data = data | {  # not in place: the asset keeps `data` as its metadata
            "recording_id": asset.origin.job_id,
            "recording_path": asset.path,
            "size": asset.size,
            "duration": asset.duration,
        }
        if asset.status == "failed":
            self._publish_event(cause, f"{prefix}.failure", data | {"error_message": "INTERNAL_ERROR"})
        else:
            link = self._store[Assets].link(asset.origin, asset.path)
            self._publish_event(cause, f"{prefix}.success", data | {"recording_presigned_url": link})

    def _add(
        self,
        origin: Origin,
        kind: RecordingKind,
        path: str,
        content: Content,
        seconds: int,
        metadata: Json,
    ) -> Asset:
        failed = self._failures.take(origin.room_id, kind) is not None or not origin.storage.is_reachable
        status = "failed" if failed else "completed"
        return self._store[Assets].add(origin, kind, path, content, duration=seconds, metadata=metadata, status=status)

    def _origin(self, domain_event: DomainEvent, started_at: str, stopped_at: str) -> Origin:
        # [recordings.sfu-jobs] each recording of a session, track or stream is a
        # separate job.
        return Origin(
            job_id=self._store.ids.new(),
            room_id=domain_event.room_id,
            session_id=domain_event.session_id,
            storage=find_storage(self._store, self._store[Rooms].get(domain_event.room_id)),
            session_started_at=self._store[Sessions].get(domain_event.session_id).created_at,
            started_at=parse_timestamp(started_at),
            stopped_at=parse_timestamp(stopped_at),
        )

    def _publish_event(self, cause: DomainEvent, event_type: str, data: Json) -> None:
        self._store[DomainEvents].publish(DomainEvent(event_type, cause.room_id, cause.session_id, data))

    def _call_after_processing(self, action: Callable[[], None]) -> None:
        self._store.clock.call_later(POST_PROCESSING_SECONDS, action)


def _track_data(track: Json) -> Json:
    ids = {name: track[name] for name in ("track_id", "stream_id", "peer_id")}
    return ids | {"track_type": track["type"]}


def _seconds(started_at: str, stopped_at: str) -> int:
    return int((parse_timestamp(stopped_at) - parse_timestamp(started_at)).total_seconds())

"""The recordings that are switched on rather than started: of whole sessions, of tracks, and of peers' streams."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from simulator.clock import read_stamp
from simulator.happenings import Happening, Happenings
from simulator.jobs.state import POST_PROCESSING_SECONDS
from simulator.recording_assets.state import Asset, Assets, Origin
from simulator.recording_assets.storage import storage_of
from simulator.rooms.state import Rooms
from simulator.store import Store

Json = dict[str, Any]

RATE = 100_000  # assumed: recordings of sessions, tracks and streams have 100 kB a second


@dataclass
class _Stream:
    """A stream that is recorded from its first track on until its last one is gone."""

    started_at: str
    tracks: set[str] = field(default_factory=set)


class SfuRecordings:
    """Records sessions where their room wants it, tracks and streams where its template does."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._tracks: set[str] = set()
        self._streams: dict[str, _Stream] = {}
        store[Happenings].listen(self._follow)

    def _follow(self, happening: Happening) -> None:
        match happening.type:
            case "track.add.success":
                self._track_added(happening, happening.data)
            case "track.remove.success":
                self._track_removed(happening, happening.data)
            case "session.close.success":
                self._session_closed(happening)

    def _track_added(self, happening: Happening, track: Json) -> None:
        room = self._store[Rooms].get(happening.room_id)
        for config in self._store[Rooms].template(room).recordings:
            if config.get("trackRecording", {}).get("enabled"):
                self._tracks.add(track["track_id"])
                self._tell(happening, "track.recording.started.success", _track(track))
            if config.get("streamRecording", {}).get("enabled"):
                stream = self._streams.setdefault(track["stream_id"], _Stream(track["started_at"]))
                stream.tracks.add(track["track_id"])

    def _track_removed(self, happening: Happening, track: Json) -> None:
        if track["track_id"] in self._tracks:
            self._tracks.remove(track["track_id"])
            seconds = _seconds(track["started_at"], track["stopped_at"])
            self._later(lambda: self._record_track(happening, seconds))
        stream = self._streams.get(track["stream_id"])
        if stream is not None:
            stream.tracks.discard(track["track_id"])
            if not stream.tracks:
                del self._streams[track["stream_id"]]
                length = _seconds(stream.started_at, track["stopped_at"])
                self._later(lambda: self._record_stream(happening, length))

    def _session_closed(self, happening: Happening) -> None:
        rooms = self._store[Rooms]
        if rooms.shown(rooms.get(happening.room_id))["recording_info"].get("enabled"):
            self._later(lambda: self._record_session(happening))

    def _record_track(self, happening: Happening, seconds: int) -> None:
        track = _track(happening.data)
        asset = self._add(self._origin(happening), "track", ".webm", seconds, track)
        self._tell(happening, "track.recording.success", track | self._told(asset) | {"duration": seconds})

    def _record_stream(self, happening: Happening, seconds: int) -> None:
        stream = {name: happening.data[name] for name in ("stream_id", "peer_id", "user_id")}
        kind = happening.data["source"]
        asset = self._add(self._origin(happening), "stream", ".mp4", seconds, stream | {"stream_type": kind})
        told = stream | self._told(asset) | {"type": kind, "duration": seconds}
        self._tell(happening, "stream.recording.success", told)

    def _record_session(self, happening: Happening) -> None:
        # assumed: the recording of a session that a room or template switches on is of type room-composite-legacy.
        session = happening.data
        seconds = session["session_duration"]
        origin = self._origin(happening)
        composite = self._store[Assets].add(origin, "room-composite-legacy", ".mp4", size=seconds * RATE)
        chat = self._store[Assets].add_chat(origin)
        told = {name: value for name, value in self._told(composite).items() if name != "recording_id"}
        told |= {
            "duration": seconds,
            "chat_recording_path": chat.path,
            "chat_recording_presigned_url": self._store[Assets].link(origin, chat.path),
            "session_started_at": session["session_started_at"],
            "session_stopped_at": session["session_stopped_at"],
        }
        self._tell(happening, "recording.success", told)

    def _add(self, origin: Origin, type_: str, suffix: str, seconds: int, metadata: Json) -> Asset:
        return self._store[Assets].add(origin, type_, suffix, duration=seconds, size=seconds * RATE, metadata=metadata)

    def _told(self, asset: Asset) -> Json:
        return {
            "recording_id": asset.origin.job_id,
            "recording_path": asset.path,
            "recording_presigned_url": self._store[Assets].link(asset.origin, asset.path),
            "size": asset.size,
        }

    def _origin(self, happening: Happening) -> Origin:
        # assumed: each recording of a session, track or stream is a job of its own.
        storage = storage_of(self._store, self._store[Rooms].get(happening.room_id))
        return Origin(self._store.ids.new(), happening.room_id, happening.session_id, storage)

    def _tell(self, cause: Happening, type_: str, data: Json) -> None:
        self._store[Happenings].tell(Happening(type_, cause.room_id, cause.session_id, data))

    def _later(self, action: Callable[[], None]) -> None:
        self._store.clock.after(POST_PROCESSING_SECONDS, action)


def _track(track: Json) -> Json:
    named = {name: track[name] for name in ("track_id", "stream_id", "peer_id")}
    return named | {"track_type": track["type"]}


def _seconds(started_at: str, stopped_at: str) -> int:
    return int((read_stamp(stopped_at) - read_stamp(started_at)).total_seconds())

"""Define the origin of recorded files: their job, and where the storage page says that they go."""

from dataclasses import dataclass
from datetime import datetime

from simulator.recording_assets.storage import Storage


@dataclass(frozen=True)
class Origin:
    """The job that creates assets, with its room, session and storage.

    Its recorder ran from `started_at` to `stopped_at`. `session_started_at` is the start of the session.
    `validity` is the validity of links to the files, in seconds; None for the storage's default.
    """

    job_id: str
    room_id: str
    session_id: str
    storage: Storage
    session_started_at: datetime
    started_at: datetime
    stopped_at: datetime
    validity: int | None = None

    def composite_path(self, suffix: str) -> str:
        """Return the path of a room composite."""
        return self._path("beam", self.room_id, self._date, self._name(suffix))

    def chat_path(self) -> str:
        """Return the path of the chat log."""
        return self._path("chat", self.room_id, self._date, self._name(".csv"))

    def layer_path(self, number: int) -> str:
        """Return the path of the file of a live stream's layer."""
        return self._hls_path("file-recording", self._name(f"-{number}.mp4"))

    def vod_path(self, name: str) -> str:
        """Return the path of a playlist of a live stream, or of a file that it refers to."""
        return self._hls_path("vod", name)

    def zip_path(self) -> str:
        """Return the path of the zip of a live stream."""
        return self._hls_path("vod", self._name(".zip"))

    def thumbnail_path(self, offset: int) -> str:
        """Return the path of a thumbnail."""
        return self._hls_path("thumbnail", f"thumbnail-{offset}.png")  # [assets.paths] no page names the folder

    def transcript_path(self, asset_type: str, output_mode: str) -> str:
        """Return the path of a transcript or summary."""
        # [assets.paths] in a folder beside those of the recordings; no page names it.
        return self._path("transcript", self.room_id, self._date, self._name(f"-{asset_type}.{output_mode}"))

    def session_path(self) -> str:
        """Return the path of a legacy composite."""
        return self._sfu_path(f"Rec-{self.session_id}-{self._epoch}.mp4")

    def track_path(self, peer_id: str, stream_id: str, track_id: str) -> str:
        """Return the path of a track."""
        return self._sfu_path(peer_id, stream_id, f"{track_id}.webm")

    def stream_path(self, peer_id: str, stream_id: str) -> str:
        """Return the path of a stream."""
        return self._sfu_path(peer_id, stream_id, f"{stream_id}.mp4")  # [assets.paths] beside the tracks

    @property
    def _date(self) -> str:
        return f"{self.session_started_at:%Y%m%d}"  # [assets.paths] the form of the date

    @property
    def _epoch(self) -> int:
        return int(self.started_at.timestamp() * 1000)  # [assets.paths] in milliseconds

    def _name(self, suffix: str) -> str:
        return f"Rec-{self.room_id}-{self._epoch}{suffix}"

    def _hls_path(self, *names: str) -> str:
        return self._path("hls", self.room_id, self._date, str(self._epoch), *names)

    def _sfu_path(self, *names: str) -> str:
        return self._path(self.room_id, self._date, self.session_id, *names)

    def _path(self, *names: str) -> str:
        return self.storage.path("/".join(names))

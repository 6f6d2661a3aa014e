"""Find the bucket of a room's recordings: from the room, its template, or 100ms."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from simulator.reachability import is_reachable_bucket
from simulator.rooms.state import Room, Rooms
from simulator.store import Store

Json = dict[str, Any]

RETENTION = timedelta(days=15)
PRESIGN_SECONDS = 3 * 86_400
OSS_PRESIGN_SECONDS = 9 * 3_600


@dataclass(frozen=True)
class Storage:
    """A bucket and a prefix in it. `retention` is the time until its files are deleted, or None."""

    kind: str
    bucket: str
    prefix: str
    retention: timedelta | None

    @property
    def is_reachable(self) -> bool:
        """True if its bucket can exist."""
        return is_reachable_bucket(self.bucket)

    def path(self, name: str) -> str:
        """Return the path of a file."""
        return f"{self.kind}://{'/'.join(part for part in (self.bucket, self.prefix.strip('/'), name) if part)}"


def find_storage(store: Store, room: Room) -> Storage:
    """Return the storage of a room's recordings."""
    upload = _upload(store, room)
    if upload is None:
        # [assets.bucket-of-100ms-storage] the bucket of 100ms storage is 100ms-recordings.
        return Storage("s3", "100ms-recordings", store.customer_id, RETENTION)
    return Storage(upload["type"], upload["location"], upload.get("prefix") or store.customer_id, None)


def default_validity(path: str) -> int:
    """Return the default validity of a link to this file, in seconds."""
    # [assets.links-to-azure] links to Azure are valid as long as those to S3 and GCS.
    return OSS_PRESIGN_SECONDS if path.startswith("oss://") else PRESIGN_SECONDS


def _upload(store: Store, room: Room) -> Json | None:
    if room.recording_info is not None:
        return room.recording_info.get("upload_info")
    recording = store[Rooms].template(room).content["settings"]["recording"] or {}
    upload: Json | None = recording.get("upload")
    return upload

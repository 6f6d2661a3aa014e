"""Where the files of recordings go: the bucket a room or its template names, else the one of 100ms."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from simulator.rooms.state import Room, Rooms
from simulator.store import Store

Json = dict[str, Any]

RETENTION = timedelta(days=15)
PRESIGN_SECONDS = 3 * 86_400
OSS_PRESIGN_SECONDS = 9 * 3_600


@dataclass(frozen=True)
class Storage:
    """A bucket and a prefix in it; `retention` is how long its files stay, None: for good."""

    kind: str
    bucket: str
    prefix: str
    retention: timedelta | None

    def path(self, name: str) -> str:
        """The path of a file."""
        return f"{self.kind}://{'/'.join(part for part in (self.bucket, self.prefix.strip('/'), name) if part)}"


def find_storage(store: Store, room: Room) -> Storage:
    """Where the recordings of a room go."""
    upload = _upload(store, room)
    if upload is None:
        # assumed: files kept by 100ms are in a bucket called 100ms-recordings.
        return Storage("s3", "100ms-recordings", f"{store.customer_id}/{room.id}", RETENTION)
    return Storage(upload["type"], upload["location"], upload.get("prefix", ""), None)


def default_validity(path: str) -> int:
    """For how many seconds a link to this file works unless told otherwise."""
    # assumed: links to Azure work for as long as those to S3 and GCS.
    return OSS_PRESIGN_SECONDS if path.startswith("oss://") else PRESIGN_SECONDS


def presign(path: str, seconds: int, now: datetime) -> str:
    """A download link to a file."""
    # assumed: a link has the form of the samples, whatever the storage, and there is nothing behind it.
    _, _, location = path.partition("://")
    until = int(now.timestamp()) + seconds
    return f"https://upload-location.example/{location}?expires={until}&signature={secrets.token_hex(16)}"


def _upload(store: Store, room: Room) -> Json | None:
    if "recording_info" in room.settings:
        own: Json | None = room.settings["recording_info"].get("upload_info")
        return own
    recording = store[Rooms].template(room).content["settings"]["recording"] or {}
    upload: Json | None = recording.get("upload")
    return upload

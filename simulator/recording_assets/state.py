"""Keep the workspace's recording assets."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from simulator.clock import FormatTime, format_timestamp
from simulator.errors import NotFound
from simulator.paging import Page, PageQuery, page
from simulator.recording_assets.storage import Storage, default_validity, presign
from simulator.store import Store

Json = dict[str, Any]

CHAT_SIZE = 74  # assumed: a chat log has the size of the sample, because no one chats


@dataclass(frozen=True)
class Origin:
    """The job that creates assets, with its room, session and storage.

    `validity` is the validity of links to the files, in seconds; None for the storage's default.
    """

    job_id: str
    room_id: str
    session_id: str
    storage: Storage
    validity: int | None = None

    def path(self, name: str) -> str:
        """Return the path of a file of the job."""
        return self.storage.path(f"{self.job_id}/{name}")


@dataclass
class Asset:
    """A file. `duration` is in seconds, `size` in bytes."""

    id: str
    origin: Origin
    type: str
    path: str
    created_at: datetime
    duration: int
    size: int
    metadata: Json
    thumbnails: list[str] | None
    status: str = "completed"

    def to_nested_dict(self, format_time: FormatTime = format_timestamp) -> Json:
        """Return the asset as its job shows it."""
        return {
            "id": self.id,
            "thumbnails": self.thumbnails,
            "metadata": self.metadata,
            "duration": self.duration,
            "path": self.path,
            "status": self.status,
            "created_at": format_time(self.created_at),
            "type": self.type,
            "size": self.size,
        }

    def to_dict(self) -> Json:
        """Return the asset as the calls for assets show it, with its job, room and session."""
        origin = {
            "job_id": self.origin.job_id,
            "room_id": self.origin.room_id,
            "session_id": self.origin.session_id,
        }
        return self.to_nested_dict() | origin


@dataclass(frozen=True)
class AssetFilter:
    """The filters of a list; None matches all assets."""

    room_id: str | None = None
    session_id: str | None = None
    type: str | None = None
    status: str | None = None

    def matches(self, asset: Asset) -> bool:
        """Return True if the asset passes all filters."""
        return (
            (self.room_id is None or asset.origin.room_id == self.room_id)
            and (self.session_id is None or asset.origin.session_id == self.session_id)
            and (self.type is None or asset.type == self.type)
            and (self.status is None or asset.status == self.status)
        )


class Assets:
    """All assets, by ID and by job."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._assets: dict[str, Asset] = {}
        self._of_job: dict[str, list[Asset]] = defaultdict(list)

    def add(
        self,
        origin: Origin,
        asset_type: str,
        suffix: str,
        *,
        duration: int = 0,
        size: int = 0,
        metadata: Json | None = None,
        thumbnails: list[str] | None = None,
        status: str = "completed",
    ) -> Asset:
        """Add a file of a job. Its name is its ID and `suffix`."""
        now = self._store.clock.now()
        id_ = self._store.ids.new()
        asset = Asset(
            id_, origin, asset_type, origin.path(id_ + suffix), now, duration, size, metadata or {}, thumbnails, status
        )
        self._assets[id_] = asset
        self._of_job[origin.job_id].append(asset)
        return asset

    def add_chat(self, origin: Origin) -> Asset:
        """Add the chat log of the session."""
        return self.add(origin, "chat", "-chat.csv", size=CHAT_SIZE)

    def get(self, asset_id: str) -> Asset:
        """Return an asset. Raises NotFound if it does not exist."""
        if asset_id not in self._assets:
            raise NotFound("Recording asset not found")
        return self._assets[asset_id]

    def list_by_job(self, job_id: str) -> list[Asset]:
        """Return the assets of a job, oldest first."""
        return list(self._of_job.get(job_id, ()))

    def select(self, query: PageQuery, criteria: AssetFilter) -> Page[Asset]:
        """Return a page of assets, newest first."""
        return page(reversed(self._assets.values()), query, lambda asset: asset.id, criteria.matches)

    def presign(self, asset_id: str, seconds: int | None) -> Json:
        """Return a link to download the asset.

        Raises NotFound if the asset is unknown, or its file is unfinished or deleted.
        """
        asset = self.get(asset_id)
        now = self._store.clock.now()
        retention = asset.origin.storage.retention
        # assumed: an asset outlives its file; 404 for the link to a deleted or unfinished file.
        if asset.status != "completed" or (retention is not None and now > asset.created_at + retention):
            raise NotFound("Recording asset not found")
        validity = seconds or asset.origin.validity or default_validity(asset.path)
        return {"id": asset.id, "path": asset.path, "url": presign(asset.path, validity, now), "expiry": validity}

    def link(self, origin: Origin, path: str) -> str:
        """Return a link to a file of a job, for events."""
        return presign(path, origin.validity or default_validity(path), self._store.clock.now())

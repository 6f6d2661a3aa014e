"""The workspace's recording assets."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from simulator.clock import format_timestamp
from simulator.errors import NotFound
from simulator.paging import Page, PageQuery, page
from simulator.recording_assets.storage import Storage, default_validity, presign
from simulator.store import Store

Json = dict[str, Any]

CHAT_SIZE = 74  # assumed: a chat log has the size of the sample, for nobody chats


@dataclass(frozen=True)
class Origin:
    """The job that leaves assets, and the room and session it worked for; `validity`: seconds of the links to them."""

    job_id: str
    room_id: str
    session_id: str
    storage: Storage
    validity: int | None = None

    def path(self, name: str) -> str:
        """The path of a file of the job."""
        return self.storage.path(f"{self.job_id}/{name}")


@dataclass
class Asset:
    """A file; `duration` in seconds, `size` in bytes."""

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

    def to_nested_dict(self) -> Json:
        """The asset as its job shows it."""
        return {
            "id": self.id,
            "thumbnails": self.thumbnails,
            "metadata": self.metadata,
            "duration": self.duration,
            "path": self.path,
            "status": self.status,
            "created_at": format_timestamp(self.created_at),
            "type": self.type,
            "size": self.size,
        }

    def to_dict(self) -> Json:
        """The asset by itself."""
        origin = {
            "job_id": self.origin.job_id,
            "room_id": self.origin.room_id,
            "session_id": self.origin.session_id,
        }
        return self.to_nested_dict() | origin


@dataclass(frozen=True)
class AssetFilter:
    """Which assets a list shows; None: all."""

    room_id: str | None = None
    session_id: str | None = None
    type: str | None = None
    status: str | None = None

    def matches(self, asset: Asset) -> bool:
        """Whether the list shows this asset."""
        return (
            (self.room_id is None or asset.origin.room_id == self.room_id)
            and (self.session_id is None or asset.origin.session_id == self.session_id)
            and (self.type is None or asset.type == self.type)
            and (self.status is None or asset.status == self.status)
        )


class Assets:
    """All assets, by id and by job."""

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
        """A new file of a job; `suffix` ends its name."""
        now = self._store.clock.now()
        id_ = self._store.ids.new()
        asset = Asset(
            id_, origin, asset_type, origin.path(id_ + suffix), now, duration, size, metadata or {}, thumbnails, status
        )
        self._assets[id_] = asset
        self._of_job[origin.job_id].append(asset)
        return asset

    def add_chat(self, origin: Origin) -> Asset:
        """The log of what was written in the session."""
        return self.add(origin, "chat", "-chat.csv", size=CHAT_SIZE)

    def get(self, asset_id: str) -> Asset:
        """One asset; raises NotFound."""
        if asset_id not in self._assets:
            raise NotFound("Recording asset not found")
        return self._assets[asset_id]

    def list_by_job(self, job_id: str) -> list[Asset]:
        """What a job has left, in the order in which it did."""
        return list(self._of_job.get(job_id, ()))

    def select(self, query: PageQuery, criteria: AssetFilter) -> Page[Asset]:
        """A page of assets, newest first."""
        return page(reversed(self._assets.values()), query, lambda asset: asset.id, criteria.matches)

    def presign(self, asset_id: str, seconds: int | None) -> Json:
        """A link to download the asset; raises NotFound, also where the file is there no longer or not yet."""
        asset = self.get(asset_id)
        now = self._store.clock.now()
        retention = asset.origin.storage.retention
        # assumed: an asset outlives its file; a link to a file that is gone, or yet to be made, is a 404.
        if asset.status != "completed" or (retention is not None and now > asset.created_at + retention):
            raise NotFound("Recording asset not found")
        validity = seconds or asset.origin.validity or default_validity(asset.path)
        return {"id": asset.id, "path": asset.path, "url": presign(asset.path, validity, now), "expiry": validity}

    def link(self, origin: Origin, path: str) -> str:
        """A link to a file of a job, as events carry it."""
        return presign(path, origin.validity or default_validity(path), self._store.clock.now())

"""Keep the workspace's recording assets."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from simulator.chat.log import ChatLog
from simulator.clock import FormatTime, format_timestamp
from simulator.errors import NotFound
from simulator.files.content import Content
from simulator.files.state import Files
from simulator.paging import Page, PageQuery, page
from simulator.recording_assets.origin import Origin
from simulator.recording_assets.storage import default_validity
from simulator.store import Store

Json = dict[str, Any]


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
        path: str,
        content: Content | None,
        *,
        duration: int = 0,
        metadata: Json | None = None,
        thumbnails: list[str] | None = None,
        status: str = "completed",
    ) -> Asset:
        """Add a file of a job. `content` is None until it is known."""
        now = self._store.clock.now()
        size = content.size if content else 0
        asset = Asset(
            self._store.ids.new(),
            origin,
            asset_type,
            path,
            now,
            duration,
            size,
            metadata or {},
            thumbnails,
            status,
        )
        self._assets[asset.id] = asset
        self._of_job[origin.job_id].append(asset)
        if content is not None and status == "completed":
            self.store_file(origin, path, content)
        return asset

    def add_chat(self, origin: Origin) -> Asset:
        """Add the chat log of a job as an asset."""
        return self.add(origin, "chat", origin.chat_path(), self._write_chat(origin))

    def store_chat(self, origin: Origin) -> str:
        """Store the chat log of a job as a file without an asset. Returns its path."""
        self.store_file(origin, origin.chat_path(), self._write_chat(origin))
        return origin.chat_path()

    def complete(self, asset: Asset, content: Content) -> None:
        """Complete an asset whose content was unknown."""
        asset.status, asset.size = "completed", content.size
        self.store_file(asset.origin, asset.path, content)

    def store_file(self, origin: Origin, path: str, content: Content, public: bool = False) -> None:
        """Store a file of a job that is not an asset."""
        self._store[Files].put(path, content, origin.storage.retention, public)

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
        # [assets.assets-without-a-file] an asset outlives its file; 404 for the link to a deleted or unfinished file.
        if not self._store[Files].has(asset.path):
            raise NotFound("Recording asset not found")
        validity = seconds or asset.origin.validity or default_validity(asset.path)
        url = self._store[Files].link(asset.path, validity)
        return {"id": asset.id, "path": asset.path, "url": url, "expiry": validity}

    def link(self, origin: Origin, path: str, seconds: int | None = None) -> str:
        """Return a link to a file of a job, for events. Without `seconds`, it has the default validity."""
        return self._store[Files].link(path, seconds or origin.validity or default_validity(path))

    def _write_chat(self, origin: Origin) -> Content:
        return self._store[ChatLog].write(origin.session_id, origin.started_at, origin.stopped_at)

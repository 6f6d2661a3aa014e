"""Create the files of a live stream's recording, and the event data that describes them."""

from typing import Any

from simulator.clock import format_nanoseconds
from simulator.files.content import Content
from simulator.files.media import mp4, png, transport_stream, zip_archive
from simulator.files.playlists import layer_playlist, master_playlist
from simulator.recording_assets.origin import Origin
from simulator.recording_assets.state import Asset, Assets
from simulator.store import Store

Json = dict[str, Any]

BYTES_PER_PIXEL_SECOND = 0.5  # [live-streams.size-of-recordings] half a byte per pixel and second
PLAYLIST_NAME = "master.m3u8"
THUMBNAIL_WIDTH, THUMBNAIL_HEIGHT = 1280, 720


class RecordingFiles:
    """The files of a recording of `seconds`; `config` is the destination's `recording`."""

    def __init__(self, store: Store, origin: Origin, config: Json, seconds: int) -> None:
        self._assets = store[Assets]
        self._now = store.clock.now()
        self._origin = origin
        self._config = config
        self._seconds = seconds
        self._single_files: list[Asset] = []
        self._vod: Asset | None = None
        self._thumbnails = {offset: self._add_thumbnail(offset) for offset in _offsets(config) if offset <= seconds}

    def add_single_files(self, layers: list[Json]) -> None:
        """Add one file per layer. The numbers of the layers continue those of earlier calls."""
        for layer in layers:
            number = len(self._single_files)
            content = mp4(self._size_of(layer), self._seconds)
            metadata = {"resolution": _size(layer), "layer": str(number)}
            path = self._origin.layer_path(number)
            self._single_files.append(self._add("room-composite", path, content, metadata))

    def add_vod(self, layers: list[Json]) -> None:
        """Add a playlist with all layers, or a zip of it."""
        best = _size(layers[0])
        metadata = {"num_layers": str(len(layers)), "max_width": best["width"], "max_height": best["height"]}
        sizes = [self._size_of(layer) for layer in layers]
        resolutions = [(layer["width"], layer["height"]) for layer in layers]
        playlist = master_playlist(resolutions, [8 * size // max(self._seconds, 1) for size in sizes])
        if self._config.get("enableZipUpload"):
            # [live-streams.files-of-a-playlist] contains only the playlist
            archive = zip_archive(sum(sizes), PLAYLIST_NAME, playlist.head)
            self._vod = self._add("room-vod", self._origin.zip_path(), archive, metadata)
            return
        self._vod = self._add("room-vod", self._origin.vod_path(PLAYLIST_NAME), playlist, metadata)
        for number, size in enumerate(sizes):
            # [live-streams.files-of-a-playlist] the files that a playlist refers to need no signature, as on a CDN.
            for suffix, content in (
                (".m3u8", layer_playlist(number, self._seconds, size)),
                (".ts", transport_stream(size)),
            ):
                path = self._origin.vod_path(f"layer-{number}{suffix}")
                self._assets.store_file(self._origin, path, content, public=True)

    def event_data(self) -> Json:
        """Return the members of hls.recording.success that describe the files."""
        # [live-streams.chat] the chat is a file in the event but not an asset, as in the samples.
        chat = self._assets.store_chat(self._origin)
        event_data: Json = {
            "chat_recording_path": chat,
            "chat_recording_presigned_url": self._link(chat),
            "recording_single_files": [self._single_file_data(asset) for asset in self._single_files],
            "recording_thumbnails": [self._thumbnail_data(*item) for item in self._thumbnails.items()],
            "recording_created_at": format_nanoseconds(self._now),
        }
        if self._vod is not None:
            event_data |= {
                "hls_vod_recording_path": self._vod.path,
                "hls_vod_recording_presigned_url": self._link(self._vod.path),
                "hls_vod_recording_size": self._vod.size,
            }
        return event_data

    def _add(self, asset_type: str, path: str, content: Content, metadata: Json) -> Asset:
        return self._assets.add(
            self._origin,
            asset_type,
            path,
            content,
            duration=self._seconds,
            metadata=metadata,
            thumbnails=list(self._thumbnails.values()) or None,
        )

    def _add_thumbnail(self, offset: int) -> str:
        path = self._origin.thumbnail_path(offset)
        self._assets.store_file(self._origin, path, png(**self._thumbnail_size()))
        return path

    def _thumbnail_size(self) -> Json:
        config = self._config.get("thumbnails", {})
        return {"width": config.get("width", THUMBNAIL_WIDTH), "height": config.get("height", THUMBNAIL_HEIGHT)}

    def _size_of(self, layer: Json) -> int:
        return int(layer["width"] * layer["height"] * self._seconds * BYTES_PER_PIXEL_SECOND)

    def _single_file_data(self, asset: Asset) -> Json:
        return {
            "asset_id": asset.id,
            "layer": asset.metadata["layer"],
            "recording_path": asset.path,
            "recording_presigned_url": self._link(asset.path),
            "size": asset.size,
            **asset.metadata["resolution"],
        }

    def _thumbnail_data(self, offset: int, path: str) -> Json:
        return {**self._thumbnail_size(), "offset": offset, "location": path, "url": self._link(path)}

    def _link(self, path: str) -> str:
        return self._assets.link(self._origin, path)


def _size(layer: Json) -> Json:
    return {"width": layer["width"], "height": layer["height"]}


def _offsets(config: Json) -> list[int]:
    # [live-streams.thumbnails] one thumbnail at the start, unless the destination says otherwise.
    thumbnails = config.get("thumbnails", {})
    offsets: list[int] = thumbnails.get("offsets", [0]) if thumbnails.get("enabled", True) else []
    return offsets

"""What the jobs told of in beam.* events have in common: a browser that records, streams to RTMP, or both."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any

from simulator.clock import format_timestamp
from simulator.jobs.job import Job
from simulator.recording_assets.state import Asset, Assets, Origin
from simulator.store import Store

Json = dict[str, Any]

# assumed: a video has 480 kB a second, as in the sample, sound alone 16 kB.
COMPOSITE_RATE = 480_000
AUDIO_RATE = 16_000


@dataclass(kw_only=True)
class BeamJob(Job):
    """A job with one picture."""

    @property
    def resolution(self) -> tuple[int, int]:
        """Width and height of the picture."""
        return self.destination.resolution(self.request.get("resolution"))

    @property
    def rtmp_urls(self) -> list[str]:
        """The targets it streams to."""
        return list(self.request.get("rtmp_urls", ()))

    @property
    @abstractmethod
    def recorded(self) -> bool:
        """Whether it records."""

    def event_data(self) -> Json:
        """The picture and where it goes."""
        width, height = self.resolution
        return {"max_width": width, "max_height": height, "rtmp": [{"url": url} for url in self.rtmp_urls]}

    def recording_flags(self) -> Json:
        """Whether it records."""
        return {"recording_enabled": self.recorded}


def add_composite(store: Store, job: BeamJob, origin: Origin, thumbnails: list[str] | None) -> Asset:
    """The file of what was seen and heard."""
    audio_only = job.request.get("audio_only", False)  # assumed: a file of sound only is an mp3 without resolution
    width, height = job.resolution
    return store[Assets].add(
        origin,
        "room-composite",
        ".mp3" if audio_only else ".mp4",
        duration=job.recorded_seconds,
        size=job.recorded_seconds * (AUDIO_RATE if audio_only else COMPOSITE_RATE),
        metadata={} if audio_only else {"resolution": {"width": width, "height": height}},
        thumbnails=thumbnails,
    )


def recording_event_data(store: Store, composite: Asset, chat_path: str) -> Json:
    """What beam.recording.success tells of the files."""
    link, origin = store[Assets].link, composite.origin
    return {
        "created_at": format_timestamp(composite.created_at),
        "recording_path": composite.path,
        "recording_presigned_url": link(origin, composite.path),
        "chat_recording_path": chat_path,
        "chat_recording_presigned_url": link(origin, chat_path),
        "size": composite.size,
    }

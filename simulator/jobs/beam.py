"""Share code between the jobs with beam.* events. Their browser records, streams to RTMP, or both."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any

from simulator.clock import format_nanoseconds
from simulator.files.media import mp3, mp4
from simulator.jobs.job import Job
from simulator.reachability import is_reachable
from simulator.recording_assets.origin import Origin
from simulator.recording_assets.state import Asset, Assets
from simulator.store import Store

Json = dict[str, Any]

# [jobs.size-of-videos] 480 kB per second of video, as in the sample; 16 kB per second of audio.
COMPOSITE_RATE = 480_000
AUDIO_RATE = 16_000


@dataclass(kw_only=True)
class BeamJob(Job):
    """A job with beam.* events."""

    @property
    def resolution(self) -> tuple[int, int]:
        """The width and height of the video."""
        return self.destination.resolution(self.request.get("resolution"))

    @property
    def rtmp_urls(self) -> list[str]:
        """The URLs it streams to."""
        return list(self.request.get("rtmp_urls", ()))

    @property
    @abstractmethod
    def recorded(self) -> bool:
        """True if it records."""

    def start_failure(self) -> str | None:
        """Return the type of the error with which it fails to start, or None."""
        # [jobs.unreachable-rtmp-url] a stream to an unreachable RTMP URL has an internal error.
        are_reachable = all(map(is_reachable, self.rtmp_urls))
        return super().start_failure() or (None if are_reachable else "INTERNAL_ERROR")

    def event_data(self) -> Json:
        """Return the peer, the resolution and the RTMP URLs."""
        width, height = self.resolution
        rtmp = [{"url": url} for url in self.rtmp_urls]
        return {"peer_id": self.bot_id, "max_width": width, "max_height": height, "rtmp": rtmp}

    def recording_flags(self) -> Json:
        """Return whether it records."""
        return {"recording_enabled": self.recorded}


def add_composite(store: Store, job: BeamJob, origin: Origin, thumbnails: list[str] | None) -> Asset:
    """Add the recorded file of a job."""
    # [jobs.audio-only-files] an audio-only file is an mp3 without a resolution
    audio_only = job.request.get("audio_only", False)
    width, height = job.resolution
    seconds = job.recorded_seconds
    content = mp3(seconds * AUDIO_RATE) if audio_only else mp4(seconds * COMPOSITE_RATE, seconds)
    return store[Assets].add(
        origin,
        "room-composite",
        origin.composite_path(".mp3" if audio_only else ".mp4"),
        content,
        duration=seconds,
        metadata={} if audio_only else {"resolution": {"width": width, "height": height}},
        thumbnails=thumbnails,
    )


def recording_event_data(store: Store, composite: Asset, chat_path: str) -> Json:
    """Return the members of beam.recording.success that describe the files."""
    link, origin = store[Assets].link, composite.origin
    return {
        "created_at": format_nanoseconds(composite.created_at),
        "recording_path": composite.path,
        "recording_presigned_url": link(origin, composite.path),
        "chat_recording_path": chat_path,
        "chat_recording_presigned_url": link(origin, chat_path),
        "size": composite.size,
    }

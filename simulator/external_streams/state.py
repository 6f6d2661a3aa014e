"""The workspace's external streams."""

from dataclasses import dataclass
from typing import Any

from simulator.jobs.beam import BeamJob, add_composite, recording_event_data
from simulator.jobs.state import Jobs
from simulator.recording_assets.state import Assets, Origin

Json = dict[str, Any]


@dataclass(kw_only=True)
class ExternalStream(BeamJob):
    """A room's picture and sound on their way to RTMP targets."""

    @property
    def recorded(self) -> bool:
        """Whether it records too: as its request says, else its destination."""
        return bool(self.request.get("recording", self.destination.settings.get("recordingEnabled", False)))


class ExternalStreams(Jobs[ExternalStream]):
    """All external streams."""

    job_type = ExternalStream
    start_operation = "startExternalStream"
    destination_type = "rtmpDestinations"
    transcribes = False
    event_prefix = "beam"
    display_name = "External stream"
    feature = "rtmp"

    def to_dict(self, stream: ExternalStream) -> Json:
        """A stream as the API answers it; its assets are null while it is live."""
        width, height = stream.resolution
        assets = [asset.to_nested_dict() for asset in self._store[Assets].list_by_job(stream.id)]
        return stream.to_dict() | {
            "rtmp_urls": stream.rtmp_urls,
            "recording": stream.recorded,
            "resolution": {"width": width, "height": height},
            "recording_assets": None if stream.live else assets,
        }

    def _record(self, job: ExternalStream, origin: Origin) -> Json | None:
        if not job.recorded:
            return None
        # assumed: the chat of a recorded stream is a file that the event tells of, but no asset, as in the samples.
        return recording_event_data(self._store, add_composite(self._store, job, origin, []), origin.path("chat.csv"))

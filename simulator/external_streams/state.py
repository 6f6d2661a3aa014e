"""Keep the workspace's external streams."""

from dataclasses import dataclass
from typing import Any

from simulator.clock import format_nanoseconds
from simulator.jobs.beam import BeamJob, add_composite, recording_event_data
from simulator.jobs.state import Jobs
from simulator.recording_assets.origin import Origin
from simulator.recording_assets.state import Assets

Json = dict[str, Any]


@dataclass(kw_only=True)
class ExternalStream(BeamJob):
    """A job that streams a room to RTMP URLs."""

    @property
    def recorded(self) -> bool:
        """True if it also records. The request takes precedence over the destination."""
        return bool(self.request.get("recording", self.destination.settings.get("recordingEnabled", False)))


class ExternalStreams(Jobs[ExternalStream]):
    """All external streams."""

    job_type = ExternalStream
    start_operation = "startExternalStream"
    destination_type = "rtmpDestinations"
    transcribes = False
    event_prefix = "beam"
    display_name = "External stream"
    not_running_message = "beam not found"  # [jobs.not-live] the text for recordings, which have the same events

    def to_dict(self, stream: ExternalStream) -> Json:
        """Return a stream as in the API; its assets are null while it is live."""
        width, height = stream.resolution
        assets = [asset.to_nested_dict(format_nanoseconds) for asset in self._store[Assets].list_by_job(stream.id)]
        return stream.to_dict(format_nanoseconds) | {
            **stream.stop_times(format_nanoseconds),  # [external-streams.times] null while it starts
            "rtmp_urls": stream.rtmp_urls,
            "recording": stream.recorded,
            "resolution": {"width": width, "height": height},
            "recording_assets": None if stream.live else assets,
        }

    def _record(self, job: ExternalStream, origin: Origin) -> Json | None:
        if not job.recorded:
            return None
        # [external-streams.chat] the chat of a recorded stream is a file in the event but not an
        # asset, as in the samples.
        composite = add_composite(self._store, job, origin, [])
        return recording_event_data(self._store, composite, self._store[Assets].store_chat(origin))

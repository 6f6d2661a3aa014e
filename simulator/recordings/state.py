"""Keep the workspace's recordings."""

from dataclasses import dataclass
from typing import Any

from simulator.clock import FormatTime, format_timestamp
from simulator.domain_events import DomainEvent
from simulator.jobs.beam import BeamJob, add_composite, recording_event_data
from simulator.jobs.destinations import list_auto_started
from simulator.jobs.meeting_urls import default_meeting_url
from simulator.jobs.state import Jobs
from simulator.recording_assets.origin import Origin
from simulator.recording_assets.state import Assets
from simulator.rooms.state import Room, Rooms

Json = dict[str, Any]


@dataclass(kw_only=True)
class Recording(BeamJob):
    """A job that records a room with a browser."""

    recorded = True

    def asset_types(self) -> list[str]:
        """Return the types of its assets."""
        types = ["room-composite", "chat"]
        if self.transcription is not None and self.transcription.recorded:
            types.append("transcript")
            if self.transcription.summary_sections is not None:
                types.append("summary")
        return types


class Recordings(Jobs[Recording]):
    """All recordings."""

    job_type = Recording
    start_operation = "startRecording"
    destination_type = "browserRecordings"
    transcribes = True
    event_prefix = "beam"
    display_name = "Recording"
    not_running_message = "beam not found"  # [jobs.not-live] from a test suite of a client

    def to_dict(self, recording: Recording, format_time: FormatTime = format_timestamp) -> Json:
        """Return a recording with its assets, which are null until it is completed."""
        assets = [
            _without_thumbnails(asset.to_nested_dict()) for asset in self._store[Assets].list_by_job(recording.id)
        ]
        return recording.to_dict(format_time) | {
            "asset_types": recording.asset_types(),
            "recording_assets": assets or None,
        }

    def _on_event(self, domain_event: DomainEvent) -> None:
        super()._on_event(domain_event)
        if domain_event.type == "session.open.success":
            self._auto_start(self._store[Rooms].get(domain_event.room_id))

    def _auto_start(self, room: Room) -> None:
        """Start the recording that the room's template starts with a session, unless one is live."""
        if self._live_jobs(room.id):
            return
        for name in list_auto_started(self._store[Rooms].template(room))[:1]:
            # [recordings.autostart] of several destinations with autoStart, only the first starts.
            # [recordings.autostart] autoStart opens the room's own URL, even if a call would need a meeting_url.
            self.start(room.id, {"destination": name, "meeting_url": default_meeting_url(room)})

    def _record(self, job: Recording, origin: Origin) -> Json:
        composite = add_composite(self._store, job, origin, None)
        chat = self._store[Assets].add_chat(origin)
        return recording_event_data(self._store, composite, chat.path)


def _without_thumbnails(asset: Json) -> Json:
    if asset["type"] in ("transcript", "summary"):
        del asset["thumbnails"]
    return asset

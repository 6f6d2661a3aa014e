"""The workspace's recordings."""

from dataclasses import dataclass
from typing import Any

from simulator.happenings import Happening
from simulator.jobs.beam import BeamJob, add_composite, told_recorded
from simulator.jobs.destinations import auto_started
from simulator.jobs.meetings import own_meeting_url
from simulator.jobs.state import Jobs
from simulator.recording_assets.state import Assets, Origin
from simulator.rooms.state import Room, Rooms

Json = dict[str, Any]


@dataclass(kw_only=True)
class Recording(BeamJob):
    """A recording of what a browser in the room sees and hears."""

    recorded = True

    def asset_types(self) -> list[str]:
        """The types of assets it leaves."""
        types = ["room-composite", "chat"]
        if self.transcription is not None and self.transcription.recorded:
            types.append("transcript")
            if self.transcription.summary:
                types.append("summary")
        return types


class Recordings(Jobs[Recording]):
    """All recordings."""

    job_type = Recording
    start_operation = "startRecording"
    destinations = "browserRecordings"
    transcribes = True
    family = "beam"
    called = "Recording"
    feature = "recording"

    def shown(self, recording: Recording) -> Json:
        """A recording with its assets, which are null until it is completed."""
        assets = [_nested(asset.nested()) for asset in self._store[Assets].of_job(recording.id)]
        return recording.shown() | {"asset_types": recording.asset_types(), "recording_assets": assets or None}

    def _follow(self, happening: Happening) -> None:
        super()._follow(happening)
        if happening.type == "session.open.success":
            self._start_by_itself(self._store[Rooms].get(happening.room_id))

    def _start_by_itself(self, room: Room) -> None:
        """Start what the room's template starts as soon as somebody is there."""
        for name in auto_started(self._store[Rooms].template(room)):
            # assumed: autoStart opens the room's own URL, even where a call would have to name one.
            self.start(room.id, {"destination": name, "meeting_url": own_meeting_url(room)})

    def _record(self, job: Recording, origin: Origin) -> Json:
        composite = add_composite(self._store, job, origin, None)
        chat = self._store[Assets].add_chat(origin)
        return told_recorded(self._store, composite, chat.path)


def _nested(asset: Json) -> Json:
    if asset["type"] in ("transcript", "summary"):
        del asset["thumbnails"]
    return asset

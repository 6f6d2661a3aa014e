"""A job: a browser that records or streams a room, as it is at the moment."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from simulator.clock import format_timestamp
from simulator.jobs.destinations import Destination
from simulator.jobs.transcription import Transcription

Json = dict[str, Any]
Status = Literal["starting", "running", "stopping", "post_processing", "completed", "failed"]


@dataclass(kw_only=True)
class Job(ABC):
    """A browser at work in a room; `request` is what it was started with."""

    id: str
    room_id: str
    session_id: str
    request: Json
    destination: Destination
    meeting_url: str
    created_at: datetime
    updated_at: datetime
    beam_id: str
    status: Status = "starting"
    bot_id: str = ""
    started_at: datetime | None = None
    stopped_at: datetime | None = None
    stop_reason: str = ""
    paused_at: datetime | None = None
    paused_seconds: float = 0
    idle_since: datetime | None = None
    transcription: Transcription | None = None

    @property
    def live(self) -> bool:
        """Whether it runs or is about to."""
        return self.status in ("starting", "running")

    @property
    def duration_seconds(self) -> int:
        """For how long it ran, once it has stopped."""
        return int(self._run_seconds)

    @property
    def recorded_seconds(self) -> int:
        """How much of that was recorded."""
        return int(max(0, self._run_seconds - self.paused_seconds))

    @property
    def _run_seconds(self) -> float:
        if self.started_at is None or self.stopped_at is None:
            return 0
        return (self.stopped_at - self.started_at).total_seconds()

    def run_times(self) -> Json:
        """From when to when it ran, as JSON."""
        return {
            "started_at": _format_optional_timestamp(self.started_at),
            "stopped_at": _format_optional_timestamp(self.stopped_at),
        }

    def resume(self, now: datetime) -> None:
        """End a pause, if there is one."""
        if self.paused_at is not None and self.started_at is not None:
            self.paused_seconds += (now - max(self.paused_at, self.started_at)).total_seconds()
        self.paused_at = None

    @abstractmethod
    def event_data(self) -> Json:
        """What all its events tell of it."""

    @abstractmethod
    def recording_flags(self) -> Json:
        """What all its events but that of the recording tell besides."""

    def start_event_data(self) -> Json:
        """What the event of its start tells besides."""
        return {}

    def end_event_data(self) -> Json:
        """What the event of its end tells besides."""
        return {}

    def to_dict(self) -> Json:
        """What every kind of job shows."""
        return {
            "id": self.id,
            "room_id": self.room_id,
            "session_id": self.session_id,
            "status": self.status,
            "destination": self.destination.name,
            "meeting_url": self.meeting_url,
            "created_at": format_timestamp(self.created_at),
            "updated_at": format_timestamp(self.updated_at),
            **self.run_times(),
            "started_by": "",
            "stopped_by": "",
        }


@dataclass(frozen=True)
class JobFilter:
    """Which jobs a list shows; None: all."""

    room_id: str | None = None
    session_id: str | None = None
    status: str | None = None

    def matches(self, job: Job) -> bool:
        """Whether the list shows this job."""
        return (
            (self.room_id is None or job.room_id == self.room_id)
            and (self.session_id is None or job.session_id == self.session_id)
            and (self.status is None or job.status == self.status)
        )


def _format_optional_timestamp(instant: datetime | None) -> str | None:
    return None if instant is None else format_timestamp(instant)

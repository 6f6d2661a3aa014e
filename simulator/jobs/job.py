"""Define a job: a browser that records or streams a room."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from simulator.clock import FormatTime, format_timestamp
from simulator.jobs.destinations import Destination
from simulator.jobs.transcription import Transcription
from simulator.reachability import is_reachable

Json = dict[str, Any]
Status = Literal["starting", "running", "stopping", "post_processing", "completed", "failed"]


@dataclass(kw_only=True)
class Job(ABC):
    """A browser that records or streams a room; `request` is the body of the start call."""

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
        """True while it starts or runs."""
        return self.status in ("starting", "running")

    @property
    def duration_seconds(self) -> int:
        """The run time, in seconds; 0 until it has stopped."""
        return int(self._run_seconds)

    @property
    def recorded_seconds(self) -> int:
        """The run time without pauses, in seconds."""
        return int(max(0, self._run_seconds - self.paused_seconds))

    @property
    def _run_seconds(self) -> float:
        if self.started_at is None or self.stopped_at is None:
            return 0
        return (self.stopped_at - self.started_at).total_seconds()

    def run_times(self, format_time: FormatTime = format_timestamp) -> Json:
        """Return the start and stop times as JSON."""
        times = {"started_at": self.started_at, "stopped_at": self.stopped_at}
        return {name: None if instant is None else format_time(instant) for name, instant in times.items()}

    def stop_times(self, format_time: FormatTime) -> Json:
        """Return `stopped_at` as the time of the request while it is stopping, as streams show it; {} otherwise."""
        return {"stopped_at": format_time(self.updated_at)} if self.status == "stopping" else {}

    def start_failure(self) -> str | None:
        """Return the type of the error with which it fails to start, or None."""
        return None if is_reachable(self.meeting_url) else "MAX_RETRIES_REACHED"

    def resume(self, now: datetime) -> None:
        """End the pause, if it is paused."""
        if self.paused_at is not None and self.started_at is not None:
            self.paused_seconds += (now - max(self.paused_at, self.started_at)).total_seconds()
        self.paused_at = None

    @abstractmethod
    def event_data(self) -> Json:
        """Return the members that all its events have."""

    @abstractmethod
    def recording_flags(self) -> Json:
        """Return the members that all its events have, except the recording event."""

    def start_event_data(self) -> Json:
        """Return the additional members of its start event."""
        return {}

    def end_event_data(self) -> Json:
        """Return the additional members of its stop event."""
        return {}

    def to_dict(self, format_time: FormatTime = format_timestamp) -> Json:
        """Return the members that all jobs share in the API."""
        return {
            "id": self.id,
            "room_id": self.room_id,
            "session_id": self.session_id,
            "status": self.status,
            "destination": self.destination.name,
            "meeting_url": self.meeting_url,
            "created_at": format_time(self.created_at),
            "updated_at": format_time(self.updated_at),
            **self.run_times(format_time),
            "started_by": "",
            "stopped_by": "",
        }


@dataclass(frozen=True)
class JobFilter:
    """The filters of a list; None matches all jobs."""

    room_id: str | None = None
    session_id: str | None = None
    status: str | None = None

    def matches(self, job: Job) -> bool:
        """Return True if the job passes all filters."""
        return (
            (self.room_id is None or job.room_id == self.room_id)
            and (self.session_id is None or job.session_id == self.session_id)
            and (self.status is None or job.status == self.status)
        )

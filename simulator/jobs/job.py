"""A job: a browser that records or streams a room, as it is at the moment."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from simulator.clock import stamp
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
    alone_since: datetime | None = None
    transcription: Transcription | None = None

    @property
    def live(self) -> bool:
        """Whether it runs or is about to."""
        return self.status in ("starting", "running")

    @property
    def seconds(self) -> int:
        """For how long it ran, once it has stopped."""
        return int(self._ran)

    @property
    def recorded_seconds(self) -> int:
        """How much of that was recorded."""
        return int(max(0, self._ran - self.paused_seconds))

    @property
    def _ran(self) -> float:
        if self.started_at is None or self.stopped_at is None:
            return 0
        return (self.stopped_at - self.started_at).total_seconds()

    def span(self) -> Json:
        """From when to when it ran, as JSON."""
        return {"started_at": _stamp(self.started_at), "stopped_at": _stamp(self.stopped_at)}

    def resume(self, now: datetime) -> None:
        """End a pause, if there is one."""
        if self.paused_at is not None and self.started_at is not None:
            self.paused_seconds += (now - max(self.paused_at, self.started_at)).total_seconds()
        self.paused_at = None

    @abstractmethod
    def described(self) -> Json:
        """What all its events tell of it."""

    @abstractmethod
    def switches(self) -> Json:
        """What all its events but that of the recording tell besides."""

    def told_at_start(self) -> Json:
        """What the event of its start tells besides."""
        return {}

    def told_at_end(self) -> Json:
        """What the event of its end tells besides."""
        return {}

    def shown(self) -> Json:
        """What every kind of job shows."""
        return {
            "id": self.id,
            "room_id": self.room_id,
            "session_id": self.session_id,
            "status": self.status,
            "destination": self.destination.name,
            "meeting_url": self.meeting_url,
            "created_at": stamp(self.created_at),
            "updated_at": stamp(self.updated_at),
            **self.span(),
            "started_by": "",
            "stopped_by": "",
        }


@dataclass(frozen=True)
class JobFilter:
    """Which jobs a list shows; None: all."""

    room_id: str | None = None
    session_id: str | None = None
    status: str | None = None

    def passes(self, job: Job) -> bool:
        """Whether the list shows this job."""
        return (
            (self.room_id is None or job.room_id == self.room_id)
            and (self.session_id is None or job.session_id == self.session_id)
            and (self.status is None or job.status == self.status)
        )


def _stamp(instant: datetime | None) -> str | None:
    return None if instant is None else stamp(instant)

"""Run the life cycle of a job: starting, running, stopping, post_processing, then completed or failed."""

from abc import ABC, abstractmethod
from collections import defaultdict
from typing import Any, Generic, Literal, TypeVar

from simulator.clock import format_nanoseconds
from simulator.contract import check_body, no_documented_text
from simulator.domain_events import DomainEvent, DomainEvents
from simulator.errors import Conflict, Forbidden, NotFound
from simulator.ids import new_uuid
from simulator.jobs.destinations import DestinationType, find_destination, list_auto_started
from simulator.jobs.job import Job, JobFilter, Status
from simulator.jobs.meeting_urls import points_to_other_room, resolve_meeting_url
from simulator.jobs.transcription import Transcriptions, resolve_transcription
from simulator.paging import Page, PageQuery, page
from simulator.recording_assets.origin import Origin
from simulator.recording_assets.storage import find_storage
from simulator.rooms.state import Room, Rooms
from simulator.sessions.state import Sessions
from simulator.store import Store

Json = dict[str, Any]

# [jobs.duration-of-states] 3 seconds to start, 1 to stop and 4 for post-processing, about as in the samples.
START_SECONDS = 3
STOP_SECONDS = 1
POST_PROCESSING_SECONDS = 4

ROOM_END_SECONDS = 60
CONNECT_ATTEMPTS = 3  # [jobs.opening-the-meeting-url] the browser tries three times to open its meeting URL
NO_PERMISSION = "user does not have required permission"
BOT_NAME = "Beam"  # [jobs.recorder] the recorder is a peer called Beam, without a user ID

# The documented failures: error message by error type.
FAILURES = {
    "INTERNAL_ERROR": "Internal error",
    "MAX_RETRIES_REACHED": (
        f"Beam couldn't connect to Meeting URL after {CONNECT_ATTEMPTS} retries. Check if meeting URL is correct."
    ),
    "UPLOAD_ERROR": "Failed to upload recordings. Check if upload config is correct.",
    "BEAM_STOPPED": "Beam stopped too early",
}

JobT = TypeVar("JobT", bound=Job)


class Jobs(ABC, Generic[JobT]):
    """All jobs of one kind. A room has at most one live job of each kind.

    Attributes:
        job_type: class of the jobs.
        start_operation: ID of the operation that starts a job.
        destination_type: the template's member with the destinations for this kind.
        transcribes: True if recordings can be transcribed.
        event_prefix: prefix of the event types.
        display_name: name of a job in the "not found" error.
        not_running_message: message of the error without a live job.
    """

    job_type: type[JobT]
    start_operation: str
    destination_type: DestinationType
    transcribes: bool
    event_prefix: Literal["beam", "hls"]
    display_name: str
    not_running_message: str

    def __init__(self, store: Store) -> None:
        self._store = store
        self._jobs: dict[str, JobT] = {}
        self._of_room: dict[str, list[JobT]] = defaultdict(list)
        store[DomainEvents].subscribe(self._on_event)

    @abstractmethod
    def _record(self, job: JobT, origin: Origin) -> Json | None:
        """Add the job's assets. Returns the event members that describe them, or None if the job does not record."""

    def start(self, room_id: str, body: Json) -> JobT:
        """Start a job in a room.

        Raises Forbidden for an unknown room, and for a stream if recordings start automatically. Raises BadRequest for
        an invalid body, destination or meeting URL, and Conflict while a job of this kind is live in the room.
        """
        # [jobs.start] a start needs neither a session nor an enabled room.
        room = self._get_room(room_id)
        check_body(self.start_operation, body, no_documented_text)
        if self.is_live_in(room_id):
            # [jobs.second-start] recorded for recordings; a guess for external streams.
            raise Conflict("beam already started")
        template = self._store[Rooms].template(room)
        if self.destination_type != "browserRecordings" and list_auto_started(template):
            # [jobs.auto-start-disables-streams] the recording guide says that it does; a guess for the error.
            raise Forbidden(NO_PERMISSION)
        session = self._store[Sessions].active(room_id)
        now = self._store.clock.now()
        job = self.job_type(
            id=self._store.ids.new(),
            beam_id=self._store.ids.new(),
            room_id=room.id,
            session_id="" if session is None else session.id,
            request=body,
            destination=find_destination(template, self.destination_type, body.get("destination") or None),
            meeting_url=resolve_meeting_url(self._store, room, body.get("meeting_url")),
            transcription=resolve_transcription(template, body.get("transcription")) if self.transcribes else None,
            created_at=now,
            updated_at=now,
        )
        self._jobs[job.id] = job
        self._of_room[room.id].append(job)
        self._store.clock.call_later(START_SECONDS, lambda: self._start_running(job))
        return job

    def get(self, job_id: str) -> JobT:
        """Return a job. Raises NotFound if it does not exist."""
        if job_id not in self._jobs:
            raise NotFound(f"{self.display_name} not found")
        return self._jobs[job_id]

    def select(self, query: PageQuery, criteria: JobFilter) -> Page[JobT]:
        """Return a page of jobs, newest first."""
        return page(reversed(self._jobs.values()), query, lambda job: job.id, criteria.matches)

    def is_live_in(self, room_id: str) -> bool:
        """Return True if a job of this kind is live in the room."""
        return bool(self._live_jobs(room_id))

    def live_in(self, room_id: str) -> list[JobT]:
        """Return the live jobs of a room. Raises Forbidden for an unknown room, NotFound without live jobs."""
        self._get_room(room_id)
        jobs = self._live_jobs(room_id)
        if not jobs:
            raise self._not_running()
        return jobs

    def get_live(self, job_id: str) -> JobT:
        """Return a live job. Raises NotFound if it does not exist or has stopped."""
        job = self.get(job_id)
        if not job.live:
            raise self._not_running()
        return job

    def stop(self, job: JobT, reason: str = "client request") -> None:
        """Stop a live job."""
        job.stop_reason = reason
        self._set_status(job, "stopping")
        self._store.clock.call_later(STOP_SECONDS, lambda: self._finish_stopping(job))

    def stop_room(self, room_id: str) -> list[JobT]:
        """Stop and return all live jobs of a room. Raises the same errors as `live_in`."""
        jobs = self.live_in(room_id)
        for job in jobs:
            self.stop(job)
        return jobs

    def pause(self, job: JobT) -> None:
        """Pause the recording of a job. Its status does not change."""
        job.paused_at = job.paused_at or self._store.clock.now()

    def resume(self, job: JobT) -> None:
        """Resume the recording of a job."""
        job.resume(self._store.clock.now())

    def fail_if_active(self, job_id: str, error_type: str) -> bool:
        """Fail a job unless it has ended. Returns True if it failed."""
        job = self._jobs.get(job_id)
        if job is None or job.status in ("completed", "failed"):
            return False
        self._fail(job, error_type)
        return True

    def _start_running(self, job: JobT) -> None:
        if job.status != "starting":
            return
        failure = job.start_failure()
        if failure is not None:
            self._fail(job, failure)
            return
        self._set_status(job, "running")
        job.started_at = job.updated_at
        self._join_room(job)
        delay = {"start_delay": int((job.started_at - job.created_at).total_seconds())}
        self._publish_event(job, "started.success", delay | job.start_event_data())
        self._stop_after(job, job.destination.max_seconds, "max duration reached")
        self._check_idle(job)

    def _finish_stopping(self, job: JobT) -> None:
        if job.status != "stopping":
            return
        if job.started_at is None:
            self._fail(job, "BEAM_STOPPED")
            return
        self._mark_stopped(job, job.stop_reason)
        self._set_status(job, "post_processing")
        self._leave_room(job)
        self._store.clock.call_later(POST_PROCESSING_SECONDS, lambda: self._complete(job))

    def _mark_stopped(self, job: JobT, reason: str) -> None:
        job.stopped_at = self._store.clock.now()
        job.resume(job.stopped_at)
        self._publish_event(
            job, "stopped.success", job.end_event_data() | {"duration": job.duration_seconds, "reason": reason}
        )

    def _complete(self, job: JobT) -> None:
        if job.status != "post_processing":
            return
        origin = self._origin(job)
        if any(job.recording_flags().values()) and not origin.storage.is_reachable:
            self._fail(job, "UPLOAD_ERROR")
            return
        self._set_status(job, "completed")
        recording_data = self._record(job, origin)
        if recording_data is None:
            return
        data = {"recording_id": job.id, "duration": job.recorded_seconds}
        self._publish_event(job, "recording.success", data | job.run_times() | recording_data)
        if job.transcription is not None and job.transcription.recorded:
            self._store[Transcriptions].start(origin, job.transcription, job.recorded_seconds)

    def _origin(self, job: JobT) -> Origin:
        started_at, stopped_at = job.started_at or job.created_at, job.stopped_at or self._store.clock.now()
        session = self._store[Sessions].get(job.session_id) if job.session_id else None
        return Origin(
            job_id=job.id,
            room_id=job.room_id,
            session_id=job.session_id,
            storage=find_storage(self._store, self._store[Rooms].get(job.room_id)),
            session_started_at=session.created_at if session else started_at,
            started_at=started_at,
            stopped_at=stopped_at,
            validity=job.destination.validity,
        )

    def _fail(self, job: JobT, error_type: str) -> None:
        if job.status in ("running", "stopping") and job.started_at is not None:
            self._mark_stopped(job, f"failure: {error_type}")
        self._set_status(job, "failed")
        job.stopped_at = job.stopped_at or job.updated_at
        self._leave_room(job)
        failure = {"error_code": 1, "error_type": error_type, "error_message": FAILURES[error_type]}
        self._publish_event(job, "failure", {**failure, "duration": job.duration_seconds})

    def _set_status(self, job: JobT, status: Status) -> None:
        job.status = status
        job.updated_at = self._store.clock.now()

    def _on_event(self, domain_event: DomainEvent) -> None:
        """Stop jobs, or cancel their idle timeout, as peers join and leave and sessions end."""
        for job in self._live_jobs(domain_event.room_id):
            match domain_event.type:
                case "session.open.success":
                    self._join_room(job)
                case "peer.join.success":
                    self._check_idle(job)
                case "peer.leave.success":
                    self._peer_left(job, domain_event.data["peer_id"])
                # [jobs.room-end] end-room sends a stop request; other ends of a session send none.
                case "session.close.success" if job.started_at and job.session_id == domain_event.session_id:
                    self._stop_after(job, ROOM_END_SECONDS, "room ended")
                case "room.end.success" if not points_to_other_room(self._store, job.room_id, job.meeting_url):
                    self._stop_if_live(job, "client request")

    def _get_room(self, room_id: str) -> Room:
        try:
            return self._store[Rooms].get(room_id)
        except NotFound:
            # [jobs.unknown-room] from test suites of clients for start and stop of recordings; a guess for other calls.
            raise Forbidden(NO_PERMISSION) from None

    def _live_jobs(self, room_id: str) -> list[JobT]:
        return [job for job in self._of_room.get(room_id, []) if job.live]

    def _join_room(self, job: JobT) -> None:
        """Add the bot of a running job to the room's session, if a session runs."""
        session = self._store[Sessions].active(job.room_id)
        if job.status != "running" or session is None or job.bot_id:
            return
        # [jobs.start-without-a-session] a job started without a session has the session ID "", and joins the room's
        # next session.
        job.session_id = session.id
        bot = self._store[Sessions].join(job.room_id, name=BOT_NAME, role=job.destination.role, user_id="", is_bot=True)
        job.bot_id = bot.id

    def _leave_room(self, job: JobT) -> None:
        session = self._store[Sessions].active(job.room_id)
        if session is not None and any(peer.id == job.bot_id for peer in session.connected()):
            self._store[Sessions].leave(job.room_id, job.bot_id)

    def _check_idle(self, job: JobT) -> None:
        """Start or cancel the idle timeout of a running job. It stops if only bots stay in its room for too long."""
        if job.status != "running":
            return
        session = self._store[Sessions].active(job.room_id)
        if session is not None and not all(peer.is_bot for peer in session.connected()):
            job.idle_since = None
        elif job.idle_since is None:
            since = job.idle_since = self._store.clock.now()
            self._store.clock.call_later(
                job.destination.idle_seconds,
                lambda: self._stop_if_live(job, "last peer left") if job.idle_since == since else None,
            )

    def _peer_left(self, job: JobT, peer_id: str) -> None:
        if peer_id == job.bot_id and self._store[Sessions].active(job.room_id) is not None:
            self.stop(job)  # [jobs.removing-the-recorder] removing the recorder from a running session stops its job
        else:
            self._check_idle(job)

    def _stop_after(self, job: JobT, seconds: float, reason: str) -> None:
        self._store.clock.call_later(seconds, lambda: self._stop_if_live(job, reason))

    def _stop_if_live(self, job: JobT, reason: str) -> None:
        if job.live:
            self.stop(job, reason)

    def _publish_event(self, job: JobT, event: str, details: Json) -> None:
        now = format_nanoseconds(self._store.clock.now())
        data = {
            "beam_id": job.beam_id,
            "meeting_url": job.meeting_url,
            "metadata_id": new_uuid(),
            "metadata_timestamp": now,
        }
        if event != "recording.success":
            data |= {"job_id": job.id, **job.recording_flags()}
        if job.session_id:
            # [analytics.times] in nanoseconds, as in the samples of webhooks.
            data["session_started_at"] = format_nanoseconds(self._store[Sessions].get(job.session_id).created_at)
        event_type = f"{self.event_prefix}.{event}"
        domain_event = DomainEvent(event_type, job.room_id, job.session_id, data | job.event_data() | details)
        self._store[DomainEvents].publish(domain_event)

    def _not_running(self) -> NotFound:
        return NotFound(self.not_running_message)

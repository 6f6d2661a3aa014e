"""Create the transcripts and summaries of a completed recording."""

from dataclasses import dataclass
from typing import Any

from simulator.clock import format_nanoseconds
from simulator.domain_events import DomainEvent, DomainEvents
from simulator.errors import NotFound
from simulator.files.transcripts import DEFAULT_SECTIONS, Speaker, write_summary, write_transcript
from simulator.ids import new_uuid
from simulator.recording_assets.origin import Origin
from simulator.recording_assets.state import Asset, Assets
from simulator.sessions.state import Sessions
from simulator.store import Store
from simulator.templates.state import Template

Json = dict[str, Any]

OUTPUT_MODES = ("txt", "srt", "json")
SECONDS_PER_RECORDED_SECOND = 0.2
MIN_SECONDS = 5 * 60
RECORDED = "recorded"


@dataclass(frozen=True)
class Transcription:
    """The requested outputs of a recording; `live` is True for live captions.

    `summary_sections` are those of the summary, format by title. Empty: the default ones; None: no summary.
    """

    output_modes: tuple[str, ...]
    summary_sections: dict[str, str] | None
    recorded: bool
    live: bool


def resolve_transcription(template: Template, requested: Json | None) -> Transcription | None:
    """Return the transcription of a job. Each setting of its request overrides that of its template.

    Returns None if neither enables it.
    """
    configurations: Json = template.content["destinations"].get("transcriptions", {})
    # [jobs.several-transcriptions] a template has one transcription; of several, the first counts.
    configured: Json = next(iter(configurations.values()), {})
    request = requested or {}
    if not request.get("enabled", bool(configured)):
        return None
    # [jobs.transcription-without-modes] without modes, it is for the recording; without output modes, it has all of
    # them.
    modes: list[str] = request.get("modes") or configured.get("modes") or [RECORDED]
    summary = configured.get("summary", {}) | request.get("summary", {})
    return Transcription(
        output_modes=tuple(dict.fromkeys(request.get("output_modes") or configured.get("outputModes") or OUTPUT_MODES)),
        summary_sections=_summary_sections(summary) if summary.get("enabled") else None,
        recorded=RECORDED in modes,
        live=bool({"live", "caption"} & set(modes)),
    )


class Transcriptions:
    """The transcriptions in progress, by job."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._running: dict[str, _Transcripts] = {}

    def start(self, origin: Origin, transcription: Transcription, seconds: int) -> None:
        """Start to transcribe a recording of `seconds`. This takes a fifth of that time, and at least 5 minutes."""
        transcripts = self._running[origin.job_id] = _Transcripts(self._store, origin, transcription, seconds)
        transcripts.publish("transcription.started.success", transcripts.ids())
        delay = max(MIN_SECONDS, SECONDS_PER_RECORDED_SECOND * seconds)
        self._store.clock.call_later(delay, lambda: self._finish(origin.job_id))

    def fail(self, job_id: str) -> None:
        """Fail the transcription of a job. Raises NotFound if none is in progress."""
        if job_id not in self._running:
            raise NotFound("Transcription not found, or it has ended")
        self._running.pop(job_id).fail()

    def _finish(self, job_id: str) -> None:
        if job_id in self._running:
            self._running.pop(job_id).finish()


class _Transcripts:
    """The files of one transcription."""

    def __init__(self, store: Store, origin: Origin, transcription: Transcription, seconds: int) -> None:
        self._store = store
        self._origin = origin
        self._seconds = seconds
        self._sections = transcription.summary_sections
        self._id = store.ids.new()
        self._files = {f"transcript_{mode}": self._add("transcript", mode) for mode in transcription.output_modes}
        if self._sections is not None:
            self._files["summary_json"] = self._add("summary", "json")

    def ids(self) -> Json:
        """Return the IDs of the files."""
        return {f"{name}_asset_id": asset.id for name, asset in self._files.items()}

    def finish(self) -> None:
        """Complete the files and publish the success event."""
        speakers = self._speakers()
        for asset in self._files.values():
            if asset.type == "summary":
                content = write_summary(speakers, self._sections or DEFAULT_SECTIONS)
            else:
                content = write_transcript(speakers, asset.metadata["output_mode"])
            self._store[Assets].complete(asset, content)
        self.publish("transcription.success", self.ids() | self._links())

    def fail(self) -> None:
        """Fail all files and publish the failure event."""
        for asset in self._files.values():
            asset.status = "failed"
        self.publish("transcription.failure", self.ids() | self._links())

    def _speakers(self) -> list[Speaker]:
        # [jobs.speakers-of-transcripts] every peer of the session says one sentence.
        if not self._origin.session_id:
            return []
        peers = self._store[Sessions].get(self._origin.session_id).peers.values()
        return [Speaker(peer.id, peer.name) for peer in peers if not peer.is_bot]

    def _links(self) -> Json:
        links = {}
        for name, asset in self._files.items():
            links[f"{name}_path"] = asset.path
            links[f"{name}_presigned_url"] = self._store[Assets].link(self._origin, asset.path)
        return links

    def publish(self, event_type: str, event_data: Json) -> None:
        """Publish an event of this transcription."""
        data = {
            "metadata_id": new_uuid(),
            "metadata_timestamp": format_nanoseconds(self._store.clock.now()),
            "recording_id": self._origin.job_id,
            "transcription_id": self._id,
            "duration": self._seconds,
        }
        self._store[DomainEvents].publish(
            DomainEvent(event_type, self._origin.room_id, self._origin.session_id, data | event_data)
        )

    def _add(self, asset_type: str, mode: str) -> Asset:
        return self._store[Assets].add(
            self._origin,
            asset_type,
            self._origin.transcript_path(asset_type, mode),
            None,
            duration=self._seconds,
            metadata={"output_mode": mode},
            status="processing",
        )


def _summary_sections(summary: Json) -> dict[str, str]:
    """Return the configured sections of a summary, format by title. Empty: the default ones."""
    return {section["title"]: section.get("format", "bullets") for section in summary.get("sections", ())}

"""Transcripts and summaries, made of what a job recorded once it has completed."""

from dataclasses import dataclass
from typing import Any

from simulator.clock import stamp
from simulator.happenings import Happening, Happenings
from simulator.ids import new_uuid
from simulator.recording_assets.state import Asset, Assets, Origin
from simulator.store import Store
from simulator.templates.state import Template

Json = dict[str, Any]

OUTPUT_MODES = ("txt", "srt", "json")
SHARE_OF_LENGTH = 0.2
MIN_SECONDS = 5 * 60
RECORDED = "recorded"

# assumed: a transcript has 8 bytes a second, a summary 4.
TRANSCRIPT_RATE = 8
SUMMARY_RATE = 4


@dataclass(frozen=True)
class Transcription:
    """What is wanted of a recording, and whether captions are while it is live."""

    output_modes: tuple[str, ...]
    summary: bool
    recorded: bool
    live: bool


def transcription(template: Template, given: Json | None) -> Transcription | None:
    """What a job wants, by its own request or else by its template; None where neither wants any."""
    # assumed: a transcription without modes is of the recording, one without output modes is made in all of them.
    if given is not None:
        modes = given.get("modes", [RECORDED])
        return _wanted(modes, given.get("output_modes"), given) if given.get("enabled") else None
    configured = template.content["destinations"].get("transcriptions", {})
    for config in configured.values():
        return _wanted(config.get("modes", [RECORDED]), config.get("outputModes"), config)
    return None


def transcribe(store: Store, origin: Origin, wanted: Transcription, seconds: int) -> None:
    """Make the transcripts and the summary of a recording of this length; that takes its time."""
    made = _Transcripts(store, origin, wanted, seconds)
    made.tell("transcription.started.success", made.ids())
    store.clock.after(max(MIN_SECONDS, SHARE_OF_LENGTH * seconds), made.finish)


class _Transcripts:
    """The files of one transcription, from their beginning to their end."""

    def __init__(self, store: Store, origin: Origin, wanted: Transcription, seconds: int) -> None:
        self._store = store
        self._origin = origin
        self._seconds = seconds
        self._id = store.ids.new()
        self._files = {f"transcript_{mode}": self._add("transcript", mode) for mode in wanted.output_modes}
        if wanted.summary:
            self._files["summary_json"] = self._add("summary", "json")

    def ids(self) -> Json:
        """The ids of the files."""
        return {f"{name}_asset_id": asset.id for name, asset in self._files.items()}

    def finish(self) -> None:
        """Complete the files and tell of them."""
        links = {}
        for name, asset in self._files.items():
            asset.status = "completed"
            asset.size = self._seconds * (SUMMARY_RATE if asset.type == "summary" else TRANSCRIPT_RATE)
            links[f"{name}_path"] = asset.path
            links[f"{name}_presigned_url"] = self._store[Assets].link(self._origin, asset.path)
        self.tell("transcription.success", self.ids() | links)

    def tell(self, type_: str, told: Json) -> None:
        """Tell an event of this transcription."""
        data = {
            "metadata_id": new_uuid(),
            "metadata_timestamp": stamp(self._store.clock.now()),
            "recording_id": self._origin.job_id,
            "transcription_id": self._id,
            "duration": self._seconds,
        }
        self._store[Happenings].tell(Happening(type_, self._origin.room_id, self._origin.session_id, data | told))

    def _add(self, type_: str, mode: str) -> Asset:
        return self._store[Assets].add(
            self._origin,
            type_,
            f"-{type_}.{mode}",
            duration=self._seconds,
            metadata={"output_mode": mode},
            status="processing",
        )


def _wanted(modes: list[str], output_modes: list[str] | None, config: Json) -> Transcription:
    return Transcription(
        output_modes=tuple(dict.fromkeys(output_modes or OUTPUT_MODES)),
        summary=bool(config.get("summary", {}).get("enabled")),
        recorded=RECORDED in modes,
        live=bool({"live", "caption"} & set(modes)),
    )

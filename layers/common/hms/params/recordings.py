"""The members of the bodies under /recordings as keyword arguments, for type checkers only."""

from typing import Literal, TypedDict


class RecordingResolutionParams(TypedDict, total=False):
    """Members of a `RecordingResolution`."""

    width: int | None
    height: int | None


class SummarySectionParams(TypedDict, total=False):
    """Members of a `SummarySection`."""

    title: str
    format: Literal["bullets", "paragraph"]


class SummaryParams(TypedDict, total=False):
    """Members of a `Summary`."""

    enabled: bool | None
    context: str | None
    temperature: float | None
    sections: list[SummarySectionParams] | None


class TranscriptionParams(TypedDict, total=False):
    """Members of a `Transcription`."""

    enabled: bool | None
    output_modes: list[Literal["txt", "srt", "json"]] | None
    custom_vocabulary: list[str] | None
    summary: SummaryParams | None


class RecordingStartParams(TypedDict, total=False):
    """Members of a `RecordingStart`."""

    meeting_url: str | None
    resolution: RecordingResolutionParams | None
    destination: str | None
    audio_only: bool | None
    transcription: TranscriptionParams | None

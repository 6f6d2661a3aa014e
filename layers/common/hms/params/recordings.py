"""Keyword arguments for the bodies under /recordings. Only type checkers load this module."""

from typing import Literal, TypedDict


class RecordingResolutionParams(TypedDict, total=False):
    """Members of `RecordingResolution`."""

    width: int | None
    height: int | None


class SummarySectionParams(TypedDict, total=False):
    """Members of `SummarySection`."""

    title: str
    format: Literal["bullets", "paragraph"]


class SummaryParams(TypedDict, total=False):
    """Members of `Summary`."""

    enabled: bool | None
    context: str | None
    temperature: float | None
    sections: list[SummarySectionParams] | None


class TranscriptionParams(TypedDict, total=False):
    """Members of `Transcription`."""

    enabled: bool | None
    output_modes: list[Literal["txt", "srt", "json"]] | None
    custom_vocabulary: list[str] | None
    summary: SummaryParams | None


class RecordingStartParams(TypedDict, total=False):
    """Members of `RecordingStart`."""

    meeting_url: str | None
    resolution: RecordingResolutionParams | None
    destination: str | None
    audio_only: bool | None
    transcription: TranscriptionParams | None

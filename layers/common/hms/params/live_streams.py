"""Keyword arguments for the bodies under /live-streams. Only type checkers load this module."""

from typing import Literal, TypedDict


class LiveStreamRecordingParams(TypedDict, total=False):
    """Members of `LiveStreamRecording`."""

    hls_vod: bool | None
    single_file_per_layer: bool | None


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


class LiveStreamTranscriptionParams(TypedDict, total=False):
    """Members of `LiveStreamTranscription`."""

    enabled: bool | None
    output_modes: list[Literal["txt", "srt", "json"]] | None
    custom_vocabulary: list[str] | None
    summary: SummaryParams | None
    modes: list[Literal["recorded", "live"]] | None


class LiveStreamStartParams(TypedDict, total=False):
    """Members of `LiveStreamStart`."""

    meeting_url: str | None
    destination: str | None
    recording: LiveStreamRecordingParams | None
    transcription: LiveStreamTranscriptionParams | None


class TimedMetadataParams(TypedDict, total=False):
    """Members of `TimedMetadata`."""

    payload: str
    duration: int

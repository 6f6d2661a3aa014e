"""The members of the bodies under /live-streams as keyword arguments, for type checkers only."""

from typing import Literal, TypedDict


class LiveStreamRecordingParams(TypedDict, total=False):
    """Members of a `LiveStreamRecording`."""

    hls_vod: bool | None
    single_file_per_layer: bool | None


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


class LiveStreamTranscriptionParams(TypedDict, total=False):
    """Members of a `LiveStreamTranscription`."""

    enabled: bool | None
    output_modes: list[Literal["txt", "srt", "json"]] | None
    custom_vocabulary: list[str] | None
    summary: SummaryParams | None
    modes: list[Literal["recorded", "live"]] | None


class LiveStreamStartParams(TypedDict, total=False):
    """Members of a `LiveStreamStart`."""

    meeting_url: str | None
    destination: str | None
    recording: LiveStreamRecordingParams | None
    transcription: LiveStreamTranscriptionParams | None


class TimedMetadataParams(TypedDict, total=False):
    """Members of a `TimedMetadata`."""

    payload: str
    duration: int

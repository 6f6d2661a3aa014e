"""Transcription and summary of recordings and live streams."""

from typing import Annotated, Literal

from pydantic import Field

from hms.models.base import Items, Model


class SummarySection(Model):
    """A section of the summary.

    Attributes:
        title: heading, up to 100 characters.
        format: format of the text.
    """

    title: Annotated[str, Field(max_length=100)]
    format: Literal["bullets", "paragraph"]


class Summary(Model):
    """Summary of the transcript.

    Attributes:
        enabled: whether a summary is created.
        context: topic of the meeting, up to 300 characters.
        temperature: creativity of the summary, 0.1 to 1.0; 100ms's default is 0.5.
        sections: sections of the summary, up to 6.
    """

    enabled: bool | None = None
    context: Annotated[str, Field(max_length=300)] | None = None
    temperature: Annotated[float, Field(ge=0.1, le=1.0)] | None = None
    sections: Annotated[Items[SummarySection], Field(max_length=6)] | None = None


class Transcription(Model):
    """Transcription of the recording. Without it, the settings of the template apply.

    Attributes:
        enabled: whether the recording is transcribed.
        output_modes: formats of the transcript files.
        custom_vocabulary: uncommon words that the speakers may use.
        summary: summary of the transcript.
    """

    enabled: bool | None = None
    output_modes: Items[Literal["txt", "srt", "json"]] | None = None
    custom_vocabulary: Items[str] | None = None
    summary: Summary | None = None

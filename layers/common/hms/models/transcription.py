"""Transcription and its summary, as recordings and live streams take them when they start."""

from typing import Annotated, Literal

from pydantic import Field

from hms.models.base import Items, Model


class SummarySection(Model):
    """A part of the summary.

    Attributes:
        title: heading, up to 100 characters.
        format: how the part is written.
    """

    title: Annotated[str, Field(max_length=100)]
    format: Literal["bullets", "paragraph"]


class Summary(Model):
    """Summary of what was said, made from the transcript.

    Attributes:
        enabled: whether there is one.
        context: what the meeting is about, up to 300 characters.
        temperature: how freely it is written, 0.1 to 1.0; 100ms's default is 0.5.
        sections: its parts, up to 6.
    """

    enabled: bool | None = None
    context: Annotated[str, Field(max_length=300)] | None = None
    temperature: Annotated[float, Field(ge=0.1, le=1.0)] | None = None
    sections: Annotated[Items[SummarySection], Field(max_length=6)] | None = None


class Transcription(Model):
    """Transcription of the recording; the template's settings apply where there is none.

    Attributes:
        enabled: whether the recording is transcribed.
        output_modes: kinds of files to make.
        custom_vocabulary: unusual words that are likely to be spoken.
        summary: summary of the transcript.
    """

    enabled: bool | None = None
    output_modes: Items[Literal["txt", "srt", "json"]] | None = None
    custom_vocabulary: Items[str] | None = None
    summary: Summary | None = None

"""Destinations of a template: https://www.100ms.live/docs/server-side/v2/api-reference/policy/update-destinations"""

from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from hms.models.base import Items, Members, Model, rule_error
from hms.models.transcription import Summary

MAX_SHORTER_SIDE = 1080
MIN_LONGER_SIDE = 192

Side = Annotated[int, Field(ge=144, le=1920, multiple_of=2)]


class Thumbnails(Model):
    """Pictures taken from a recording.

    Attributes:
        enabled: whether there are any.
        width: pixels.
        height: pixels.
        offsets: seconds from the start at which they are taken.
        fps: frames a second.
    """

    enabled: bool | None = None
    width: int | None = None
    height: int | None = None
    offsets: Items[int] | None = None
    fps: int | None = None


class BrowserRecordingDestination(Model):
    """A recording of the room as a browser shows it; 100ms has replaced it by the recordings of the template.

    Attributes:
        name: its name.
        role: role that the recorder joins in.
        width: pixels.
        height: pixels.
        maxDuration: seconds.
        thumbnails: pictures taken from it.
        presignDuration: seconds for which its URLs are valid.
        autoStart: whether it starts with the first peer.
        autoStopTimeout: seconds from the last peer's leaving to its end.
    """

    name: str
    role: str
    width: int | None = None
    height: int | None = None
    maxDuration: int | None = None
    thumbnails: Thumbnails | None = None
    presignDuration: int | None = None
    autoStart: bool | None = None
    autoStopTimeout: int | None = None


class RtmpDestination(Model):
    """Where external streams go.

    Attributes:
        name: its name.
        width: pixels.
        height: pixels.
        maxDuration: seconds.
        rtmpUrls: servers with their stream keys, up to 3.
        recordingEnabled: whether streams are recorded as well.
        autoStopTimeout: seconds from the last peer's leaving to the end.
    """

    name: str
    width: int | None = None
    height: int | None = None
    maxDuration: int | None = None
    rtmpUrls: Annotated[Items[str], Field(max_length=3)] | None = None
    recordingEnabled: bool | None = None
    autoStopTimeout: int | None = None


class HlsLayer(Model):
    """One of the qualities of a live stream; its shorter side has 144 to 1080 pixels, the longer one 192 to 1920.

    Attributes:
        width: pixels, even.
        height: pixels, even.
        videoBitrate: kbps.
        audioBitrate: kbps.
    """

    width: Side | None = None
    height: Side | None = None
    videoBitrate: int | None = None
    audioBitrate: int | None = None

    @model_validator(mode="after")
    def _check_sides(self) -> Self:
        if self.width is not None and self.height is not None:
            shorter, longer = sorted((self.width, self.height))
            if shorter > MAX_SHORTER_SIDE:
                raise rule_error("height", f"greater than {MAX_SHORTER_SIDE}, and so is width; one of them must not be")
            if longer < MIN_LONGER_SIDE:
                raise rule_error("height", f"less than {MIN_LONGER_SIDE}, and so is width; one of them must not be")
        return self


class HlsRecording(Model):
    """Recording of a live stream.

    Attributes:
        hlsVod: whether there is one of all layers, to be played as a video on demand.
        singleFilePerLayer: whether there is a file a layer.
        enableZipUpload: whether the video on demand is zipped, which needs storage of one's own; 100ms's default is
            false.
        layers: those that are recorded; all where it is left out. They need not be the stream's, as in 100ms's sample.
        thumbnails: pictures taken from it.
        presignDuration: seconds for which its URLs are valid.
    """

    hlsVod: bool | None = None
    singleFilePerLayer: bool | None = None
    enableZipUpload: bool | None = None
    layers: Items[HlsLayer] | None = None
    thumbnails: Thumbnails | None = None
    presignDuration: int | None = None


class HlsDestination(Model):
    """How live streams are made.

    Attributes:
        name: its name; the key in `hlsDestinations` names it as well.
        role: role that the streamer joins in.
        maxDuration: seconds.
        layers: its qualities, from the largest to the smallest in pixels and bitrate.
        playlistType: `live` shows the last segments only.
        numPlaylistSegments: segments of 2 seconds in a `live` playlist, 3 to 150; 100ms's default is 5.
        videoFrameRate: frames a second.
        enableMetadataInsertion: whether timed metadata are taken.
        enableStaticUrl: whether the URL stays the same.
        recording: recording of the stream.
        autoStopTimeout: seconds from the last peer's leaving to the end.
    """

    name: str | None = None
    role: str | None = None
    maxDuration: int | None = None
    layers: Items[HlsLayer] | None = None
    playlistType: Literal["event", "live"] | None = None
    numPlaylistSegments: Annotated[int, Field(ge=3, le=150)] | None = None
    videoFrameRate: int | None = None
    enableMetadataInsertion: bool | None = None
    enableStaticUrl: bool | None = None
    recording: HlsRecording | None = None
    autoStopTimeout: int | None = None

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        layers = self.layers or []
        sizes = [layer.width * layer.height for layer in layers if layer.width and layer.height]
        bitrates = [layer.videoBitrate for layer in layers if layer.videoBitrate is not None]
        if any(larger < smaller for values in (sizes, bitrates) for larger, smaller in pairwise(values)):
            raise rule_error("layers", "must go from the largest to the smallest in pixels and bitrate")
        return self


class Translation(Model):
    """Translation of captions.

    Attributes:
        enabled: whether there is one.
        roleLanguages: language codes by role.
    """

    enabled: bool | None = None
    roleLanguages: Members[str] | None = None


class TranscriptionDestination(Model):
    """Transcription of recordings and streams.

    Attributes:
        name: its name.
        role: role whose subscriptions are transcribed.
        modes: `recorded` after the recording, `live` captions of live streams, `caption` captions in the room.
        outputModes: kinds of files to make of recordings.
        customVocabulary: unusual words that are likely to be spoken.
        summary: summary of a recording's transcript.
        translation: translation of captions.
    """

    name: str
    role: str
    modes: Items[Literal["recorded", "live", "caption"]] | None = None
    outputModes: Items[Literal["txt", "srt", "json"]] | None = None
    customVocabulary: Items[str] | None = None
    summary: Summary | None = None
    translation: Translation | None = None


class Destinations(Model):
    """Where a template's rooms are recorded and streamed to, each by its name.

    Attributes:
        browserRecordings: recordings; 100ms has replaced them by the recordings of the template.
        rtmpDestinations: external streams.
        hlsDestinations: live streams.
        transcriptions: transcriptions.
    """

    browserRecordings: Members[BrowserRecordingDestination] | None = None
    rtmpDestinations: Members[RtmpDestination] | None = None
    hlsDestinations: Members[HlsDestination] | None = None
    transcriptions: Members[TranscriptionDestination] | None = None

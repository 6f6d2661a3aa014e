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
    """Thumbnails of a recording.

    Attributes:
        enabled: whether thumbnails are created.
        width: width in pixels.
        height: height in pixels.
        offsets: times of the thumbnails, in seconds from the start.
        fps: frames per second.
    """

    enabled: bool | None = None
    width: int | None = None
    height: int | None = None
    offsets: Items[int] | None = None
    fps: int | None = None


class BrowserRecordingDestination(Model):
    """A recording of the room as a browser shows it. Deprecated by 100ms: use the recordings of the template.

    Attributes:
        name: name of the destination.
        role: role of the recorder, which joins the room as a peer.
        width: width in pixels.
        height: height in pixels.
        maxDuration: maximum duration in seconds.
        thumbnails: thumbnails of the recording.
        presignDuration: lifetime of the recording's URLs, in seconds.
        autoStart: whether the recording starts when the first peer joins.
        autoStopTimeout: seconds between the last peer leaving and the end of the recording.
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
    """Destination of external streams.

    Attributes:
        name: name of the destination.
        width: width in pixels.
        height: height in pixels.
        maxDuration: maximum duration in seconds.
        rtmpUrls: RTMP URLs with their stream keys, up to 3.
        recordingEnabled: whether the stream is also recorded.
        autoStopTimeout: seconds between the last peer leaving and the end of the stream.
    """

    name: str
    width: int | None = None
    height: int | None = None
    maxDuration: int | None = None
    rtmpUrls: Annotated[Items[str], Field(max_length=3)] | None = None
    recordingEnabled: bool | None = None
    autoStopTimeout: int | None = None


class HlsLayer(Model):
    """A quality of a live stream. Its shorter side has 144 to 1080 pixels, and its longer side 192 to 1920.

    Attributes:
        width: width in pixels, an even number.
        height: height in pixels, an even number.
        videoBitrate: bitrate of the video in kbps.
        audioBitrate: bitrate of the audio in kbps.
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
                limit = MAX_SHORTER_SIDE
                raise rule_error("height", f"must be at most {limit} if width is greater than {limit}")
            if longer < MIN_LONGER_SIDE:
                limit = MIN_LONGER_SIDE
                raise rule_error("height", f"must be at least {limit} if width is less than {limit}")
        return self


class HlsRecording(Model):
    """Recording of a live stream.

    Attributes:
        hlsVod: whether to record an HLS playlist of all layers, for video on demand.
        singleFilePerLayer: whether to record one file per layer.
        enableZipUpload: whether the video on demand is zipped. Requires your own storage; 100ms's default is false.
        layers: layers to record; default: all. They can differ from the stream's layers, as in 100ms's sample.
        thumbnails: thumbnails of the recording.
        presignDuration: lifetime of the recording's URLs, in seconds.
    """

    hlsVod: bool | None = None
    singleFilePerLayer: bool | None = None
    enableZipUpload: bool | None = None
    layers: Items[HlsLayer] | None = None
    thumbnails: Thumbnails | None = None
    presignDuration: int | None = None


class HlsDestination(Model):
    """Destination of live streams.

    Attributes:
        name: name of the destination. The key in `hlsDestinations` also names it.
        role: role of the streamer, which joins the room as a peer.
        maxDuration: maximum duration in seconds.
        layers: qualities of the stream, sorted by size and bitrate, largest first.
        playlistType: `event` lists all segments; `live` lists only the latest.
        numPlaylistSegments: number of 2-second segments in a `live` playlist, 3 to 150; 100ms's default is 5.
        videoFrameRate: frames per second.
        enableMetadataInsertion: whether the stream accepts timed metadata.
        enableStaticUrl: whether the URL of the stream stays the same.
        recording: recording of the stream.
        autoStopTimeout: seconds between the last peer leaving and the end of the stream.
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
            raise rule_error("layers", "must be sorted by size and bitrate, largest first")
        return self


class Translation(Model):
    """Translation of captions.

    Attributes:
        enabled: whether captions are translated.
        roleLanguages: language codes by role.
    """

    enabled: bool | None = None
    roleLanguages: Members[str] | None = None


class TranscriptionDestination(Model):
    """Transcription of recordings and streams.

    Attributes:
        name: name of the destination.
        role: role whose subscribed tracks are transcribed.
        modes: `recorded` transcribes recordings, `live` adds captions to streams, `caption` shows captions in the room.
        outputModes: formats of the transcript files.
        customVocabulary: uncommon words that the speakers may use.
        summary: summary of the transcript.
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
    """Destinations of recordings, streams and transcriptions, by name.

    Attributes:
        browserRecordings: recordings. Deprecated by 100ms: use the recordings of the template.
        rtmpDestinations: destinations of external streams.
        hlsDestinations: destinations of live streams.
        transcriptions: destinations of transcriptions.
    """

    browserRecordings: Members[BrowserRecordingDestination] | None = None
    rtmpDestinations: Members[RtmpDestination] | None = None
    hlsDestinations: Members[HlsDestination] | None = None
    transcriptions: Members[TranscriptionDestination] | None = None

"""Live (HLS) streams: https://www.100ms.live/docs/server-side/v2/api-reference/live-streams/overview"""

from typing import Annotated, Literal

from pydantic import Field

from hms.models.base import Items, Model
from hms.models.streams import StreamListQuery, StreamStart
from hms.models.transcription import Transcription


class LiveStreamRecording(Model):
    """Recording of the stream.

    Attributes:
        hls_vod: whether to record an HLS playlist of all layers, for video on demand.
        single_file_per_layer: whether to record one file per layer.
    """

    hls_vod: bool | None = None
    single_file_per_layer: bool | None = None


class LiveStreamTranscription(Transcription):
    """Transcription of the stream. Without it, the settings of the template apply.

    Attributes:
        modes: `recorded` transcribes the recording after the stream; `live` creates captions for the viewers.
    """

    modes: Items[Literal["recorded", "live"]] | None = None


class LiveStreamStart(StreamStart):
    """Settings of a live stream.

    https://www.100ms.live/docs/server-side/v2/api-reference/live-streams/start-live-stream-for-room

    Attributes:
        recording: recording of the stream.
        transcription: transcription of the stream.
    """

    response_fields = StreamStart.response_fields | {"playback"}

    recording: LiveStreamRecording | None = None
    transcription: LiveStreamTranscription | None = None


class TimedMetadata(Model):
    """Timed metadata: a text that the viewers' players receive in sync with the video.

    https://www.100ms.live/docs/server-side/v2/api-reference/live-streams/send-timed-metadata

    Attributes:
        payload: text, up to 100 characters.
        duration: seconds for which the text is valid.
    """

    payload: Annotated[str, Field(max_length=100)]
    duration: int


class LiveStreamListQuery(StreamListQuery):
    """Filters for live streams.

    https://www.100ms.live/docs/server-side/v2/api-reference/live-streams/list-all-live-streams
    """

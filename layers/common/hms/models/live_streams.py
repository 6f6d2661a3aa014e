"""Live (HLS) streams: https://www.100ms.live/docs/server-side/v2/api-reference/live-streams/overview"""

from typing import Annotated, Literal

from pydantic import Field

from hms.models.base import Items, Model
from hms.models.streams import StreamListQuery, StreamStart
from hms.models.transcription import Transcription


class LiveStreamRecording(Model):
    """Recording of the stream.

    Attributes:
        hls_vod: whether there is one of all layers, to be played as a video on demand.
        single_file_per_layer: whether there is a file a layer.
    """

    hls_vod: bool | None = None
    single_file_per_layer: bool | None = None


class LiveStreamTranscription(Transcription):
    """Transcription of the stream; the template's settings apply where there is none.

    Attributes:
        modes: `recorded` transcribes the recording afterwards, `live` makes captions for the viewers.
    """

    modes: Items[Literal["recorded", "live"]] | None = None


class LiveStreamStart(StreamStart):
    """How a room is streamed.

    https://www.100ms.live/docs/server-side/v2/api-reference/live-streams/start-live-stream-for-room

    Attributes:
        recording: recording of the stream.
        transcription: transcription of the stream.
    """

    response_fields = StreamStart.response_fields | {"playback"}

    recording: LiveStreamRecording | None = None
    transcription: LiveStreamTranscription | None = None


class TimedMetadata(Model):
    """A text that reaches the viewers' players with the picture.

    https://www.100ms.live/docs/server-side/v2/api-reference/live-streams/send-timed-metadata

    Attributes:
        payload: the text, up to 100 characters.
        duration: seconds for which it holds.
    """

    payload: Annotated[str, Field(max_length=100)]
    duration: int


class LiveStreamListQuery(StreamListQuery):
    """Which live streams a list shows.

    https://www.100ms.live/docs/server-side/v2/api-reference/live-streams/list-all-live-streams
    """

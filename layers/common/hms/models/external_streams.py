"""External (RTMP) streams: https://www.100ms.live/docs/server-side/v2/api-reference/external-streams/overview"""

from typing import Annotated, Self

from pydantic import Field, model_validator

from hms.models.base import Items, Model, rule_error
from hms.models.streams import StreamListQuery, StreamStart

MAX_SHORTER_SIDE = 1080

RtmpUrl = Annotated[str, Field(pattern=r"^rtmps?://")]


class StreamResolution(Model):
    """Resolution of the video: landscape 500x480 to 1920x1080, or portrait 500x500 to 1080x1920.

    Attributes:
        width: width in pixels, 500 to 1920. Without a resolution, 100ms's default is 1280.
        height: height in pixels, 480 to 1920. Without a resolution, 100ms's default is 720.
    """

    width: Annotated[int, Field(ge=500, le=1920)]
    height: Annotated[int, Field(ge=480, le=1920)]

    @model_validator(mode="after")
    def _check_shorter_side(self) -> Self:
        if min(self.width, self.height) > MAX_SHORTER_SIDE:
            limit = MAX_SHORTER_SIDE
            raise rule_error("height", f"must be at most {limit} if width is greater than {limit}")
        return self


class ExternalStreamStart(StreamStart):
    """Settings of an external stream.

    https://www.100ms.live/docs/server-side/v2/api-reference/external-streams/start-external-stream-for-room

    Attributes:
        rtmp_urls: RTMP URLs with their stream keys, 1 to 5. The overview page of 100ms says at most 3.
        recording: whether the stream is also recorded.
        resolution: resolution of the video.
    """

    rtmp_urls: Annotated[Items[RtmpUrl], Field(min_length=1, max_length=5)]
    recording: bool | None = None
    resolution: StreamResolution | None = None


class ExternalStreamListQuery(StreamListQuery):
    """Filters for external streams.

    https://www.100ms.live/docs/server-side/v2/api-reference/external-streams/list-all-external-streams
    """

"""Recording assets: https://www.100ms.live/docs/server-side/v2/api-reference/recording-assets/overview"""

from typing import Literal

from hms.models.base import Model
from hms.models.query import Integer, PageQuery


class RecordingAssetListQuery(PageQuery):
    """Which assets a list shows.

    https://www.100ms.live/docs/server-side/v2/api-reference/recording-assets/overview

    Attributes:
        room_id: only those of this room.
        session_id: only those of this session.
        type: only those of this type, such as `transcript`.
        status: only those in this state; `processing` is a state that other pages show, so it is taken.
    """

    room_id: str | None = None
    session_id: str | None = None
    type: str | None = None
    status: Literal["completed", "failed", "processing"] | None = None


class PresignedUrlQuery(Model):
    """How long a download URL works.

    https://www.100ms.live/docs/server-side/v2/api-reference/recording-assets/get-presigned-url

    Attributes:
        presign_duration: seconds; 100ms's default is 3 days on S3 and GCS and 9 hours on OSS.
    """

    presign_duration: Integer | None = None

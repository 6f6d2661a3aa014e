"""Recording assets: https://www.100ms.live/docs/server-side/v2/api-reference/recording-assets/overview"""

from typing import Literal

from hms.models.base import Model
from hms.models.query import Integer, PageQuery


class RecordingAssetListQuery(PageQuery):
    """Filters for recording assets.

    https://www.100ms.live/docs/server-side/v2/api-reference/recording-assets/overview

    Attributes:
        room_id: id of the room.
        session_id: id of the session.
        type: type of the assets, such as `transcript`.
        status: status of the assets. `processing` comes from other pages of 100ms.
    """

    room_id: str | None = None
    session_id: str | None = None
    type: str | None = None
    status: Literal["completed", "failed", "processing"] | None = None


class PresignedUrlQuery(Model):
    """Lifetime of a download URL.

    https://www.100ms.live/docs/server-side/v2/api-reference/recording-assets/get-presigned-url

    Attributes:
        presign_duration: lifetime in seconds; 100ms's default is 3 days on S3 and GCS, and 9 hours on OSS.
    """

    presign_duration: Integer | None = None

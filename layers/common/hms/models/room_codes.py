"""Room codes: https://www.100ms.live/docs/server-side/v2/api-reference/room-codes/room-codes-overview"""

from pydantic import ConfigDict

from hms.models.base import Model
from hms.models.query import Flag, Integer, PageQuery


class RoomCodeUpdate(Model):
    """A room code to enable or disable. 100ms rejects other members with 400.

    https://www.100ms.live/docs/server-side/v2/api-reference/room-codes/update-room-code-api

    Attributes:
        code: the room code.
        enabled: whether peers can join with it.
    """

    model_config = ConfigDict(extra="forbid")

    code: str
    enabled: bool


class RoomCodeListQuery(PageQuery):
    """Filters for the room codes of a room.

    https://www.100ms.live/docs/server-side/v2/api-reference/room-codes/get-room-code-api

    Attributes:
        role: role of the codes.
        enabled: whether to list only enabled or only disabled codes.
        limit: codes per page. 100ms's example shows 20 and gives no range.
    """

    role: str | None = None
    enabled: Flag | None = None
    limit: Integer | None = None

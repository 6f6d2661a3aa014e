"""Room codes: https://www.100ms.live/docs/server-side/v2/api-reference/room-codes/room-codes-overview"""

from pydantic import ConfigDict

from hms.models.base import Model
from hms.models.query import Flag, Integer, PageQuery


class RoomCodeUpdate(Model):
    """Which code is enabled or disabled; 100ms answers 400 to any other member, so none is taken.

    https://www.100ms.live/docs/server-side/v2/api-reference/room-codes/update-room-code-api

    Attributes:
        code: the code.
        enabled: whether peers may join by it.
    """

    model_config = ConfigDict(extra="forbid")

    code: str
    enabled: bool


class RoomCodeListQuery(PageQuery):
    """Which codes of a room a list shows.

    https://www.100ms.live/docs/server-side/v2/api-reference/room-codes/get-room-code-api

    Attributes:
        role: only those of this role.
        enabled: only enabled or only disabled ones.
        limit: codes a page; the page shows 20 and names no range.
    """

    role: str | None = None
    enabled: Flag | None = None
    limit: Integer | None = None

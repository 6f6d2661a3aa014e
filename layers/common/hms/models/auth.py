"""The token service: https://www.100ms.live/docs/server-side/v2/api-reference/room-codes/room-codes-overview"""

from hms.models.base import Model


class CodeExchange(Model):
    """A room code to exchange for an app token.

    Attributes:
        code: an enabled room code.
        user_id: id of the user in the app.
    """

    code: str
    user_id: str | None = None

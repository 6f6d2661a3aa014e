"""The token service: https://www.100ms.live/docs/server-side/v2/api-reference/room-codes/room-codes-overview"""

from hms.models.base import Model


class CodeExchange(Model):
    """Whose token is asked for.

    Attributes:
        code: an enabled room code.
        user_id: the app's own id of the user.
    """

    code: str
    user_id: str | None = None

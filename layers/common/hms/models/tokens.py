"""Join tokens: what `POST /token` and `POST /token/oidc` take."""

from hms.models.base import Model


class JoinToken(Model):
    """Which room a user wants to join, and how; each member may be written in snake_case instead.

    Attributes:
        roomId: id of the room.
        role: name of the role.
        userId: the caller's own id of the user.
        expiresIn: seconds for which the token holds; 0: a day.
    """

    roomId: str | None = None
    room_id: str | None = None
    role: str | None = None
    userId: str | None = None
    user_id: str | None = None
    expiresIn: int | None = None
    expires_in: int | None = None

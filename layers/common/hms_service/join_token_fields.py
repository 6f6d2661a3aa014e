"""Join tokens: what `POST /token` and `POST /token/oidc` take."""

from typing import Annotated

from pydantic import Field

from hms.models.base import Model

Seconds = Annotated[int, Field(json_schema_extra={"minimum": 0})]
"""What is too much depends on the settings, so the range is checked where they are known."""


class JoinToken(Model):
    """Which room a user wants to join, and how; each member may be written in snake_case instead.

    Attributes:
        roomId: id of the room.
        role: name of the role.
        userId: the caller's own id of the user.
        expiresIn: seconds for which the token holds, up to `TokenMaxSeconds`; 0: a day, where that grants as much.
    """

    roomId: str | None = None
    room_id: str | None = None
    role: str | None = None
    userId: str | None = None
    user_id: str | None = None
    expiresIn: Seconds | None = None
    expires_in: Seconds | None = None

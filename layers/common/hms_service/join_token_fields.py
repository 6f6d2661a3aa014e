"""Body of `POST /token` and `POST /token/oidc`."""

from typing import Annotated

from pydantic import Field

from hms.models.base import Model

Seconds = Annotated[int, Field(json_schema_extra={"minimum": 0})]
"""The minter checks the maximum, which depends on the settings."""


class JoinToken(Model):
    """Room, role and user of a join token. Each member can also be in snake_case.

    Attributes:
        roomId: ID of the room.
        role: name of the role.
        userId: your ID of the user.
        expiresIn: lifetime of the token in seconds, up to `TokenMaxSeconds`. With 0, the default is one day, or
            `TokenMaxSeconds` if that is less.
    """

    roomId: str | None = None
    room_id: str | None = None
    role: str | None = None
    userId: str | None = None
    user_id: str | None = None
    expiresIn: Seconds | None = None
    expires_in: Seconds | None = None

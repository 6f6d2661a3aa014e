"""Token service, which exchanges room codes: one method per operation."""

from typing import TYPE_CHECKING, Unpack

from hms import models
from hms.operation import Operation
from hms.resources.resource import Resource
from hms.types import ObjectBody, Response

if TYPE_CHECKING:
    from hms.params.auth import CodeExchangeParams

EXCHANGE_ROOM_CODE = Operation(
    "auth.exchange_room_code",
    "POST",
    "/token",
    body=lambda: models.auth.CodeExchange,
    auth="none",
    response="Token",
    credential_reason="the caller exchanges a room code for this token",
)


class Auth(Resource):
    """Operations under /token."""

    def exchange_room_code(self, body: ObjectBody | None = None, **members: "Unpack[CodeExchangeParams]") -> Response:
        """Exchange an enabled room code for a client auth token.

        Args:
            body: a `CodeExchange`, or a mapping of its members.
            members: members of the body as keyword arguments, instead of `body`.

        https://www.100ms.live/docs/server-side/v2/api-reference/room-codes/room-codes-overview
        """
        return self._call(EXCHANGE_ROOM_CODE, body=body, members=members)

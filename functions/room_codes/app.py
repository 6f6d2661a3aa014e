"""Room codes."""

from hms.errors import BadRequestError
from hms.resources import auth, room_codes
from hms.types import Response
from hms_service.auth.authenticator import AuthScheme
from hms_service.http.route import Request
from hms_service.http.router import Router

router = Router("room_codes")


def exchange_room_code(request: Request) -> Response:
    """Exchange a room code for a join token.

    It is for the code's room and role; the body may name the user by `user_id`. Other members are dropped.

    https://www.100ms.live/docs/server-side/v2/api-reference/room-codes/room-codes-overview
    """
    if request.body and "enabled" in request.body.value:
        raise BadRequestError("Invalid body", details=["enabled: use POST /room-codes/code with code and enabled"])
    body = {"code": request.path_parameters["code"]}
    if request.body and (user_id := request.body.value.get("user_id")) is not None:
        body["user_id"] = user_id
    return router.client.auth.exchange_room_code(body)


router.add_operation(room_codes.UPDATE, "/room-codes/update")
router.post(
    "/room-codes/code/<code>",
    exchange_room_code,
    AuthScheme.PUBLIC,
    idempotent=False,
    response_operation=auth.EXCHANGE_ROOM_CODE,
    body="optional",
    max_body_bytes=4096,
)
router.add_operation(room_codes.CREATE, "/room-codes/<room_id>")
router.add_operation(room_codes.LIST, "/room-codes/<room_id>")
router.add_operation(room_codes.CREATE_FOR_ROLE, "/room-codes/<room_id>/role/<role>")

handler = router.resolve

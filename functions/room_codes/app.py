"""Room codes."""

from hms.errors import BadRequestError
from hms.resources import auth, room_codes
from hms.types import Response
from hms_service.auth.caller import AuthScheme
from hms_service.code_exchange import MAX_BODY_BYTES, CodeExchange
from hms_service.http.route import Request
from hms_service.http.router import Router

router = Router("room_codes")
code_exchange = CodeExchange(router.client)


def exchange_room_code(request: Request) -> Response:
    """Exchange a room code for a join token.

    The token is for the room and the role of the code. The body may have `user_id`. Other members are dropped.

    https://www.100ms.live/docs/server-side/v2/api-reference/room-codes/room-codes-overview
    """
    body = request.body.value if request.body else {}
    if not isinstance(body, dict):
        raise BadRequestError("Invalid body", details=["body: must be a JSON object"])
    if "enabled" in body:
        raise BadRequestError("Invalid body", details=["enabled: not allowed here; use POST /room-codes/code"])
    return code_exchange.exchange(request.path_parameters["code"], body.get("user_id"))


router.add_operation(room_codes.UPDATE, "/room-codes/update")
router.post(
    "/room-codes/code/<code>",
    exchange_room_code,
    AuthScheme.PUBLIC,
    idempotent=False,
    response_operation=auth.EXCHANGE_ROOM_CODE,
    body="optional",
    max_body_bytes=MAX_BODY_BYTES,
)
router.add_operation(room_codes.CREATE, "/room-codes/<room_id>")
router.add_operation(room_codes.LIST, "/room-codes/<room_id>")
router.add_operation(room_codes.CREATE_FOR_ROLE, "/room-codes/<room_id>/role/<role>")

handler = router.resolve

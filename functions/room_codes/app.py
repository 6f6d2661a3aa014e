"""Room codes."""

from hms.access import Access
from hms.client import RawJson, Reply
from hms.gateway import Gateway

gateway = Gateway("room_codes")
room_codes = gateway.client.room_codes
auth = gateway.client.auth


def exchange_room_code(code: str, body: RawJson | None = None) -> Reply:
    """Exchange a room code for a join token.

    It is for the code's room and role; the body may name the user by `user_id`. Other members are dropped.

    https://www.100ms.live/docs/server-side/v2/api-reference/room-codes/room-codes-overview
    """
    user_id = body.value.get("user_id") if body else None
    return auth.exchange_room_code({"code": code} if user_id is None else {"code": code, "user_id": user_id})


gateway.post("/room-codes/code", room_codes.update)
gateway.post("/room-codes/update", room_codes.update)
gateway.post(
    "/room-codes/code/<code>",
    exchange_room_code,
    Access.PUBLIC,
    keyed=False,
    max_body_bytes=4096,
    answers=auth.exchange_room_code,
)
gateway.post("/room-codes/room/<room_id>", room_codes.create)
gateway.get("/room-codes/room/<room_id>", room_codes.list)
gateway.post("/room-codes/room/<room_id>/role/<role>", room_codes.create_for_role)
gateway.post("/room-codes/<room_id>", room_codes.create)
gateway.get("/room-codes/<room_id>", room_codes.list)
gateway.post("/room-codes/<room_id>/role/<role>", room_codes.create_for_role)

handler = gateway.resolve

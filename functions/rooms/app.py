"""Rooms."""

from hms.errors import BadRequest, PreconditionFailed, UpstreamUnreadable
from hms.resources import rooms
from hms.types import Reply
from hms_service.http.route import Request
from hms_service.http.router import Gateway

MAX_LOOKUP_CHARACTERS = 1024
"""A room is looked up by its name in a URL."""

gateway = Gateway("rooms")


def create_room(request: Request) -> Reply:
    """Create a room, or overwrite the one that has its name.

    With `if-none-match: *` none is overwritten.

    https://www.100ms.live/docs/server-side/v2/api-reference/Rooms/create-via-api
    """
    condition = request.headers.get("if-none-match")
    if condition not in (None, "*"):
        raise BadRequest(details=["if-none-match: only * is taken"])
    if condition and request.body:
        gateway.client.rooms.check_create(request.body)
        if (name := request.body.value.get("name")) and _exists(name):
            raise PreconditionFailed(details=["name: a room of this name exists"])
    return gateway.client.rooms.create(request.body, request.query)


def _exists(name: str) -> bool:
    if len(name) > MAX_LOOKUP_CHARACTERS:
        raise BadRequest(details=[f"name: must have at most {MAX_LOOKUP_CHARACTERS} characters with if-none-match"])
    try:
        found = gateway.client.rooms.iterate({"name": name, "limit": 100})
        return any((room.get("name") or "").lower() == name.lower() for room in found)
    except (AttributeError, TypeError, ValueError):
        raise UpstreamUnreadable(reason="an answer of status 200 without a list of rooms") from None


def enable_room(request: Request) -> Reply:
    """Let peers join the room again.

    https://www.100ms.live/docs/server-side/v2/api-reference/Rooms/update-a-room
    """
    return gateway.client.rooms.update(request.path_parameters["room_id"], enabled=True)


def disable_room(request: Request) -> Reply:
    """Disable a room. New peers cannot join; connected peers stay.

    https://www.100ms.live/docs/server-side/v2/api-reference/Rooms/update-a-room
    """
    return gateway.client.rooms.update(request.path_parameters["room_id"], enabled=False)


gateway.operation(rooms.CREATE, handler=create_room)
gateway.operation(rooms.LIST)
gateway.operation(rooms.RETRIEVE)
gateway.operation(rooms.UPDATE)
gateway.post("/rooms/<room_id>/enable", enable_room, answers=rooms.UPDATE)
gateway.post("/rooms/<room_id>/disable", disable_room, answers=rooms.UPDATE)

handler = gateway.resolve

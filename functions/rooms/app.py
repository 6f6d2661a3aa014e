"""Rooms."""

from hms.errors import BadRequestError, InvalidUpstreamResponseError, PreconditionFailedError
from hms.resources import rooms
from hms.types import Response
from hms_service.http.route import Request
from hms_service.http.router import Router

MAX_LOOKUP_CHARACTERS = 1024
"""Maximum length of a name that the lookup sends in a URL."""

router = Router("rooms")


def create_room(request: Request) -> Response:
    """Create a room, or overwrite the room with the same name.

    With `if-none-match: *`, an existing room is not overwritten.

    https://www.100ms.live/docs/server-side/v2/api-reference/Rooms/create-via-api
    """
    condition = request.headers.get("if-none-match")
    if condition not in (None, "*"):
        raise BadRequestError(details=["if-none-match: must be *"])
    if condition and request.body:
        router.client.rooms.check_create(request.body)
        name = request.body.value.get("name") if isinstance(request.body.value, dict) else None
        if isinstance(name, str) and name and _exists(name):
            raise PreconditionFailedError(details=["name: a room with this name exists"])
    return router.client.rooms.create(request.body, request.query)


def _exists(name: str) -> bool:
    if len(name) > MAX_LOOKUP_CHARACTERS:
        raise BadRequestError(
            details=[f"name: must have at most {MAX_LOOKUP_CHARACTERS} characters with if-none-match"]
        )
    try:
        matches = router.client.rooms.iterate({"name": name, "limit": 100})
        return any((room.get("name") or "").lower() == name.lower() for room in matches)
    except (AttributeError, TypeError, ValueError):
        raise InvalidUpstreamResponseError(reason="the response of status 200 has no list of rooms") from None


def enable_room(request: Request) -> Response:
    """Enable a room. Peers can join it again.

    https://www.100ms.live/docs/server-side/v2/api-reference/Rooms/update-a-room
    """
    return router.client.rooms.update(request.path_parameters["room_id"], enabled=True)


def disable_room(request: Request) -> Response:
    """Disable a room. New peers cannot join; connected peers stay.

    https://www.100ms.live/docs/server-side/v2/api-reference/Rooms/update-a-room
    """
    return router.client.rooms.update(request.path_parameters["room_id"], enabled=False)


router.add_operation(rooms.CREATE, handler=create_room)
router.add_operation(rooms.LIST)
router.add_operation(rooms.RETRIEVE)
router.add_operation(rooms.UPDATE)
router.post("/rooms/<room_id>/enable", enable_room, response_operation=rooms.UPDATE)
router.post("/rooms/<room_id>/disable", disable_room, response_operation=rooms.UPDATE)

handler = router.resolve

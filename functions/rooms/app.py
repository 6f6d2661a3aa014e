"""Rooms."""

from collections.abc import Mapping

from hms.client import Query, RawJson, Reply
from hms.errors import BadRequest, PreconditionFailed, UpstreamUnreadable
from hms.gateway import Gateway

gateway = Gateway("rooms")
rooms = gateway.client.rooms

MAX_LOOKUP_CHARACTERS = 1024
"""A room is looked up by its name in a URL."""


def create_room(headers: Mapping[str, str], body: RawJson | None = None, query: Query = ()) -> Reply:
    """Create a room, or overwrite the one that has its name.

    With `if-none-match: *` none is overwritten.

    https://www.100ms.live/docs/server-side/v2/api-reference/Rooms/create-via-api
    """
    condition = headers.get("if-none-match")
    if condition not in (None, "*"):
        raise BadRequest(details=["if-none-match: only * is taken"])
    if condition and body:
        rooms.check_create(body)
        if (name := body.value.get("name")) and _exists(name):
            raise PreconditionFailed(details=["name: a room of this name exists"])
    return rooms.create(body, query)


def _exists(name: str) -> bool:
    if len(name) > MAX_LOOKUP_CHARACTERS:
        raise BadRequest(details=[f"name: must have at most {MAX_LOOKUP_CHARACTERS} characters with if-none-match"])
    try:
        found = rooms.iterate({"name": name, "limit": 100})
        return any((room.get("name") or "").lower() == name.lower() for room in found)
    except (AttributeError, TypeError, ValueError):
        raise UpstreamUnreadable(reason="an answer of status 200 without a list of rooms") from None


def enable_room(room_id: str) -> Reply:
    """Let peers join the room again.

    https://www.100ms.live/docs/server-side/v2/api-reference/Rooms/update-a-room
    """
    return rooms.update(room_id, {"enabled": True})


def disable_room(room_id: str) -> Reply:
    """Let nobody else join the room; who is in it stays.

    https://www.100ms.live/docs/server-side/v2/api-reference/Rooms/update-a-room
    """
    return rooms.update(room_id, {"enabled": False})


gateway.post("/rooms", create_room, answers=rooms.create)
gateway.get("/rooms", rooms.list)
gateway.get("/rooms/<room_id>", rooms.retrieve)
gateway.post("/rooms/<room_id>", rooms.update)
gateway.post("/rooms/<room_id>/enable", enable_room, answers=rooms.update)
gateway.post("/rooms/<room_id>/disable", disable_room, answers=rooms.update)

handler = gateway.resolve

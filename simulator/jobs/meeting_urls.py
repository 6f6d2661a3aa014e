"""The meeting URL that a job's browser opens, and the room behind it."""

import re

from simulator.errors import NotFound, invalid_body
from simulator.room_codes.state import RoomCodes
from simulator.rooms.state import Room, Rooms
from simulator.store import Store
from simulator.templates.state import Templates


def has_subdomain(store: Store, room: Room) -> bool:
    """Whether the room's template has a subdomain, which those made through the API have not."""
    return store[Rooms].template(room) is store[Templates].default


def default_meeting_url(room: Room) -> str:
    """The URL of the room itself."""
    # assumed: the default template has a subdomain, the one of the samples.
    return f"https://example.app.100ms.live/preview/{room.id}/__internal_recorder?skip_preview=true"


def resolve_meeting_url(store: Store, room: Room, requested_url: str | None) -> str:
    """The URL that was given, else the room's own; raises BadRequest where neither is there."""
    if requested_url:
        return requested_url
    if not has_subdomain(store, room):
        # assumed: a meeting URL that is required and missing is a 400.
        raise invalid_body("Invalid body param: meeting_url is required, the template has no subdomain")
    return default_meeting_url(room)


def points_to_other_room(store: Store, room_id: str, url: str) -> bool:
    """Whether the URL names, by id or by code, a room that is not this one."""
    room_ids = {_find_room_id(store, segment) for segment in re.split("[/?#&=]", url)}
    return bool(room_ids - {None, room_id})


def _find_room_id(store: Store, segment: str) -> str | None:
    try:
        return store[Rooms].get(segment).id
    except NotFound:
        pass
    try:
        return store[RoomCodes].get(segment).room_id
    except NotFound:
        return None

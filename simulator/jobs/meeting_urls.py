"""Choose the meeting URL that a job's browser opens, and find its room."""

import re

from simulator.errors import BadRequest, NotFound, invalid_body
from simulator.room_codes.state import RoomCodes
from simulator.rooms.state import Room, Rooms
from simulator.store import Store
from simulator.templates.state import Templates


def has_subdomain(store: Store, room: Room) -> bool:
    """Return True if the room's template has a subdomain. Templates created by the API have none."""
    return store[Rooms].template(room) is store[Templates].default


def default_meeting_url(room: Room) -> str:
    """Return the room's own meeting URL."""
    # [jobs.default-template] the default template has the subdomain of the samples.
    return f"https://example.app.100ms.live/preview/{room.id}/__internal_recorder?skip_preview=true"


def resolve_meeting_url(store: Store, room: Room, requested_url: str | None) -> str:
    """Return the requested URL, or the room's own. Raises BadRequest for an empty URL, and if there is neither."""
    if requested_url == "":
        # [jobs.empty-meeting-url] from a test suite of a client for recordings; a guess for streams.
        raise BadRequest("invalid input")
    if requested_url:
        return requested_url
    # [jobs.no-meeting-url] a start without a URL opens the room's own one, if the template has a subdomain.
    if not has_subdomain(store, room):
        # [jobs.missing-meeting-url] 400 for a missing meeting_url that is required.
        raise invalid_body("Invalid body param: meeting_url is required, the template has no subdomain")
    return default_meeting_url(room)


def points_to_other_room(store: Store, room_id: str, url: str) -> bool:
    """Return True if the URL contains the ID or a code of another room."""
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

"""The routes of rooms."""

from typing import Any

from flask import Blueprint

from simulator.rooms.state import RoomFilter, Rooms
from simulator.web import body, flag, instant, page_query, state, text

Json = dict[str, Any]

blueprint = Blueprint("rooms", __name__)


@blueprint.post("/rooms")
def create_room() -> Json:
    """Make a room, or overwrite the one of this name."""
    rooms = state(Rooms)
    return rooms.shown(rooms.upsert(body()), with_credentials=True)


@blueprint.get("/rooms")
def list_rooms() -> Json:
    """A page of rooms."""
    rooms = state(Rooms)
    where = RoomFilter(
        enabled=flag("enabled"),
        name=text("name"),
        template_id=text("template_id"),
        after=instant("after"),
        before=instant("before"),
    )
    return rooms.select(page_query(), where).shown(rooms.shown)


@blueprint.get("/rooms/<room_id>")
def retrieve_room(room_id: str) -> Json:
    """One room."""
    rooms = state(Rooms)
    return rooms.shown(rooms.get(room_id))


@blueprint.post("/rooms/<room_id>")
def update_room(room_id: str) -> Json:
    """Change a room."""
    rooms = state(Rooms)
    return rooms.shown(rooms.update(room_id, body()), with_credentials=True)

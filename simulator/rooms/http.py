"""Serve the routes of rooms."""

from functools import partial
from typing import Any

from flask import Blueprint

from simulator.paging import STATED_MIN_LIMIT
from simulator.request_parsing import (
    json_body,
    optional_json_body,
    page_query,
    query_flag,
    query_instant,
    query_text,
    state,
)
from simulator.rooms import views
from simulator.rooms.state import RoomFilter, Rooms

Json = dict[str, Any]

blueprint = Blueprint("rooms", __name__)


@blueprint.post("/rooms")
def create_room() -> Json:
    """Create a room, or overwrite the room with this name."""
    rooms = state(Rooms)
    return views.created(rooms, rooms.upsert(optional_json_body()))


@blueprint.get("/rooms")
def list_rooms() -> Json:
    """Return a page of rooms."""
    rooms = state(Rooms)
    # [rooms.all] without `enabled`, all rooms are listed.
    criteria = RoomFilter(
        enabled=query_flag("enabled"),
        name=query_text("name"),
        template_id=query_text("template_id"),
        after=query_instant("after"),
        before=query_instant("before"),
    )
    return rooms.select(page_query(lowest=STATED_MIN_LIMIT), criteria).to_dict(partial(views.listed, rooms))


@blueprint.get("/rooms/<room_id>")
def retrieve_room(room_id: str) -> Json:
    """Return a room."""
    rooms = state(Rooms)
    return views.retrieved(rooms, rooms.get(room_id))


@blueprint.post("/rooms/<room_id>")
def update_room(room_id: str) -> Json:
    """Update a room."""
    rooms = state(Rooms)
    body = json_body()
    return views.updated(rooms, rooms.update(room_id, body), body)

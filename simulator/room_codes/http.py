"""Serve the routes of room codes, and the exchange of a code for an app token."""

from typing import Any

from flask import Blueprint

from simulator.clock import format_seconds
from simulator.request_parsing import json_body, page_query, query_flag, query_text, state
from simulator.room_codes.state import RoomCode, RoomCodes

Json = dict[str, Any]

LIST_LIMIT = 20

blueprint = Blueprint("room_codes", __name__)


@blueprint.post("/room-codes/room/<room_id>")
def create_room_codes(room_id: str) -> Json:
    """Create a code for each role that has none, and return all codes."""
    return {"data": [code.to_dict(format_seconds) for code in state(RoomCodes).create_all(room_id)]}


@blueprint.get("/room-codes/room/<room_id>")
def list_room_codes(room_id: str) -> Json:
    """Return a page of a room's codes; `last` is empty on the last page."""
    # [room-codes.limit] 20 by default, as in the sample, within the usual range.
    page = state(RoomCodes).select(room_id, page_query(LIST_LIMIT), query_text("role"), query_flag("enabled"))
    return page.to_dict(RoomCode.to_dict) | {"last": page.last if page.more else ""}


@blueprint.post("/room-codes/room/<room_id>/role/<role>")
def create_room_code_for_role(room_id: str, role: str) -> Json:
    """Create another code for a role."""
    return state(RoomCodes).create(room_id, role).to_dict(format_seconds)


@blueprint.post("/room-codes/code")
def update_room_code() -> Json:
    """Enable or disable a code."""
    return state(RoomCodes).update(json_body()).to_dict()


@blueprint.post("/token")
def exchange_room_code() -> Json:
    """Return an app token for a code."""
    return {"token": state(RoomCodes).exchange(json_body())}

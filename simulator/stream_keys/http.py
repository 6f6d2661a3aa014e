"""Serve the routes of stream keys."""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from simulator.clock import format_nanoseconds
from simulator.request_parsing import state
from simulator.stream_keys.state import StreamKeys

Json = dict[str, Any]

blueprint = Blueprint("stream_keys", __name__)


@blueprint.post("/stream-keys/room/<room_id>")
def create_stream_key(room_id: str) -> Json:
    """Create a room's key."""
    keys = state(StreamKeys)
    return keys.to_dict(keys.create(room_id), format_nanoseconds)


@blueprint.get("/stream-keys/room/<room_id>")
def get_stream_key(room_id: str) -> Json:
    """Return a room's key, as the only item of a list."""
    keys = state(StreamKeys)
    key = keys.get(room_id)
    return {"data": [keys.to_dict(key)], "last": key.id}


@blueprint.post("/stream-keys/room/<room_id>/disable")
def disable_stream_key(room_id: str) -> ResponseReturnValue:
    """Disable a room's key."""
    state(StreamKeys).disable(room_id)
    return {"message": "key disabled successfully"}, 201

"""Serve the control calls with which peers join and leave. In 100ms, the client SDKs do this."""

from typing import Any

from flask import Blueprint
from jsonschema import Draft202012Validator

from simulator.active_rooms.http import peer_to_dict
from simulator.contract import error_details, no_documented_text
from simulator.errors import invalid_body
from simulator.request_parsing import json_body, state
from simulator.sessions.state import Sessions

Json = dict[str, Any]

_PEER = Draft202012Validator(
    {
        "type": "object",
        "additionalProperties": False,
        "required": ["name", "role", "user_id"],
        "properties": {
            "name": {"type": "string"},
            "role": {"type": "string"},
            "user_id": {"type": "string"},
            "metadata": {"type": "string"},
        },
    }
)

blueprint = Blueprint("peers_control", __name__)


@blueprint.post("/rooms/<room_id>/peers")
def join(room_id: str) -> Json:
    """Add a peer to a room."""
    peer = json_body()
    details = error_details(_PEER.iter_errors(peer), no_documented_text)
    if details:
        raise invalid_body(*details)
    return peer_to_dict(state(Sessions).join(room_id, **peer))


@blueprint.delete("/rooms/<room_id>/peers/<peer_id>")
def leave(room_id: str, peer_id: str) -> Json:
    """Remove a peer, as if it left."""
    state(Sessions).leave(room_id, peer_id)
    return {}

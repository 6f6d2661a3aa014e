"""Serve the control calls with which peers join, leave and act. In 100ms, the client SDKs do this."""

from typing import Any

from flask import Blueprint

from simulator.active_rooms.http import peer_to_dict
from simulator.control.bodies import FLAG, TEXT, object_schema, read_body
from simulator.errors import invalid_query
from simulator.request_parsing import query_text, state
from simulator.sessions.connections import LEAVE_REASONS, Connections
from simulator.sessions.state import REASON_LEFT, Sessions

Json = dict[str, Any]

_PEER = object_schema("name", "role", "user_id", name=TEXT, role=TEXT, user_id=TEXT, metadata=TEXT)
_ROLE_CHANGE = object_schema("role", "requested_by", role=TEXT, requested_by=TEXT)
_ROOM_END = object_schema("peer_id", peer_id=TEXT, reason=TEXT, lock=FLAG)

blueprint = Blueprint("peers_control", __name__)


@blueprint.post("/rooms/<room_id>/peers")
def join(room_id: str) -> Json:
    """Add a peer to a room."""
    return peer_to_dict(state(Sessions).join(room_id, **read_body(_PEER)))


@blueprint.delete("/rooms/<room_id>/peers/<peer_id>")
def leave(room_id: str, peer_id: str) -> Json:
    """Remove a peer. With the reason of a lost connection, it stays for 60 seconds and can reconnect."""
    reason = query_text("reason") or REASON_LEFT
    if reason not in LEAVE_REASONS:
        raise invalid_query("reason")
    state(Connections).end(room_id, peer_id, reason, query_text("message") or "")
    return {}


@blueprint.post("/rooms/<room_id>/peers/<peer_id>/role")
def change_role(room_id: str, peer_id: str) -> Json:
    """Change the role of a peer at the request of another peer, or of the peer itself."""
    change = read_body(_ROLE_CHANGE)
    requester = state(Sessions).connected(room_id, change["requested_by"])
    state(Sessions).change_role(room_id, peer_id, change["role"], requester.id)
    return peer_to_dict(state(Sessions).connected(room_id, peer_id))


@blueprint.post("/rooms/<room_id>/end")
def end_room(room_id: str) -> Json:
    """End the session of a room, as a peer does."""
    end = read_body(_ROOM_END)
    caller = state(Sessions).connected(room_id, end["peer_id"])
    state(Sessions).end(room_id, end.get("reason", ""), end.get("lock", False), caller)
    return {}

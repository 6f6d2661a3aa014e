"""Serve the control call that joins with an app token or a room code. In 100ms, the client SDKs do this."""

from typing import Any

from flask import Blueprint

from simulator.active_rooms.http import peer_to_dict
from simulator.control.bodies import FLAG, TEXT, object_schema, read_body
from simulator.errors import invalid_body
from simulator.request_parsing import state
from simulator.room_codes.state import RoomCodes
from simulator.sessions.admission import Doorkeeper
from simulator.sessions.state import Sessions

Json = dict[str, Any]

_JOIN = object_schema(token=TEXT, code=TEXT, name=TEXT, metadata=TEXT, room_id=TEXT, peer_id=TEXT, preview=FLAG)

blueprint = Blueprint("join_control", __name__)


@blueprint.post("/join")
def join() -> Json:
    """Join with a token or a room code, reconnect as `peer_id`, or only check the token with `preview`."""
    body = read_body(_JOIN)
    if ("token" in body) == ("code" in body):
        raise invalid_body("Invalid body param: either token or code is required")
    token = body["token"] if "token" in body else state(RoomCodes).exchange({"code": body["code"]})
    doorkeeper = state(Doorkeeper)
    admission = doorkeeper.check(token, body.get("room_id"))
    peer = None
    if not body.get("preview"):
        peer = doorkeeper.join(admission, body.get("name", ""), body.get("metadata", ""), body.get("peer_id"))
    session = state(Sessions).active(admission.room.id)
    return {
        "room_id": admission.room.id,
        "session_id": session.id if session else "",
        "role": admission.role,
        "user_id": admission.user_id,
        "peer": peer_to_dict(peer) if peer else None,
    }

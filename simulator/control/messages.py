"""Serve the control call with which a peer sends a chat message. In 100ms, the client SDKs do this."""

from typing import Any

from flask import Blueprint

from simulator.chat.log import CHAT, ChatLog
from simulator.control.bodies import TEXT, object_schema, read_body
from simulator.request_parsing import state
from simulator.rooms.state import Rooms
from simulator.sessions.state import Sessions

Json = dict[str, Any]

_MESSAGE = object_schema("peer_id", "message", peer_id=TEXT, message=TEXT, roles={"type": "array", "items": TEXT})

blueprint = Blueprint("messages_control", __name__)


@blueprint.post("/rooms/<room_id>/messages")
def send_message(room_id: str) -> Json:
    """Send a chat message of a peer to everyone, or to the peers of `roles`."""
    message = read_body(_MESSAGE)
    sender = state(Sessions).connected(room_id, message["peer_id"])
    roles = message.get("roles", [])
    for role in roles:
        state(Rooms).template(state(Rooms).get(room_id)).role(role)
    state(ChatLog).add(sender.session_id, sender, tuple(roles), CHAT, message["message"])
    return message

"""The routes of SIP."""

from typing import Any

from flask import Blueprint

from simulator.sip.state import Sip
from simulator.web import body, claims, state

Json = dict[str, Any]

blueprint = Blueprint("sip", __name__)


@blueprint.post("/sip/outbound/trunks")
def create_trunk() -> Json:
    """Register a trunk."""
    return {"id": state(Sip).create_trunk(body())}


@blueprint.post("/sip/outbound/trunks/<trunk_id>")
def update_trunk(trunk_id: str) -> Json:
    """Change a trunk."""
    state(Sip).update_trunk(trunk_id, body())
    return {"id": trunk_id}


@blueprint.post("/sip/outbound/call")
def start_call() -> Json:
    """Call somebody into a room."""
    return {"id": state(Sip).call(body())}


@blueprint.post("/sip/dtmf")
def send_dtmf() -> Json:
    """Play tones in the room of the caller's token."""
    state(Sip).play(claims().get("room_id", ""), body())
    return {}

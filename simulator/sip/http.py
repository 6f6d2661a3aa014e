"""Serve the routes of SIP."""

from typing import Any

from flask import Blueprint

from simulator.request_parsing import json_body, state, token_claims
from simulator.sip.state import Sip

Json = dict[str, Any]

blueprint = Blueprint("sip", __name__)


@blueprint.post("/sip/outbound/trunks")
def create_trunk() -> Json:
    """Create a trunk."""
    return {"id": state(Sip).create_trunk(json_body())}


@blueprint.post("/sip/outbound/trunks/<trunk_id>")
def update_trunk(trunk_id: str) -> Json:
    """Update a trunk."""
    state(Sip).update_trunk(trunk_id, json_body())
    return {"id": trunk_id}


@blueprint.post("/sip/outbound/call")
def start_call() -> Json:
    """Call a phone number into a room."""
    return {"id": state(Sip).start_call(json_body())}


@blueprint.post("/sip/dtmf")
def send_dtmf() -> Json:
    """Send DTMF tones to the room of the app token."""
    state(Sip).send_dtmf(token_claims().get("room_id", ""), json_body())
    return {}

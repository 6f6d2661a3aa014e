"""Serve the control calls of telephones: answer or decline calls, dial in, and hear tones."""

from typing import Any

from flask import Blueprint

from simulator.active_rooms.http import peer_to_dict
from simulator.control.bodies import TEXT, object_schema, read_body
from simulator.request_parsing import state
from simulator.sip.state import CALL_RESULTS, CallAnswer, Sip
from simulator.sip.tones import Tones

Json = dict[str, Any]

MAX_RING_SECONDS = 600
_RING = {"type": "number", "minimum": 0, "maximum": MAX_RING_SECONDS}
_ANSWER = object_schema("result", result={"enum": list(CALL_RESULTS)}, ring_seconds=_RING, number=TEXT)
_DIAL_IN = object_schema("code", "number", code=TEXT, number=TEXT, name=TEXT, user_id=TEXT)

blueprint = Blueprint("sip_control", __name__)


@blueprint.post("/sip/answers")
def plan_answer() -> Json:
    """Plan how the next call is answered, and how long it rings."""
    answer = read_body(_ANSWER)
    state(Sip).plan_answer(CallAnswer(**answer))
    return answer


@blueprint.post("/sip/calls")
def dial_in() -> Json:
    """Call into the room of a code."""
    call = read_body(_DIAL_IN)
    return peer_to_dict(state(Sip).dial_in(call["code"], call["number"], call.get("name", ""), call.get("user_id", "")))


@blueprint.get("/sip/tones")
def list_tones() -> Json:
    """Return the DTMF tones with their times, oldest first."""
    return {"tones": [tone.to_dict() for tone in state(Tones).list()]}

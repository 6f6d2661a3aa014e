"""The control API of events: those that no call causes, for the analytics record or to be sent as a webhook."""

from typing import Any

from flask import Blueprint
from jsonschema import Draft202012Validator

from simulator.analytics.state import Analytics
from simulator.contract import error_details, undocumented
from simulator.errors import invalid_body
from simulator.events import EventType, analytics_types, compose, sample, webhook_types
from simulator.happenings import Happening, Happenings
from simulator.rooms.state import Rooms
from simulator.sessions.state import Sessions
from simulator.web import json_object, state, store

Json = dict[str, Any]

_ENVELOPE = ("type", "room_id", "data")
_SPEC = Draft202012Validator(
    {
        "type": "object",
        "required": ["type", "room_id"],
        "properties": {
            "type": {"type": "string"},
            "room_id": {"type": "string"},
            "data": {"type": "object"},
        },
    }
)

blueprint = Blueprint("analytics_control", __name__)


@blueprint.post("/events")
def add_event() -> Json:
    """Let an event happen; members of its data may stand beside `type`, or in `data` where their names are taken."""
    given = json_object()
    details = error_details(_SPEC.iter_errors(given), undocumented)
    if details:
        raise invalid_body(*details)
    data = {name: value for name, value in given.items() if name not in _ENVELOPE} | given.get("data", {})
    if given["type"] in analytics_types() or given["type"] not in webhook_types():
        return state(Analytics).add(given["type"], given["room_id"], data)
    return _send(webhook_types()[given["type"]], given["room_id"], data)


def _send(kind: EventType, room_id: str, data: Json) -> Json:
    """Let a thing happen of which only a webhook tells; what the data leaves out is as in the documented sample."""
    session = state(Sessions).active(state(Rooms).get(room_id).id)
    happening = Happening(kind.name, room_id, session.id if session else "", sample(kind) | data)
    state(Happenings).tell(happening)
    return compose(store(), kind, happening)

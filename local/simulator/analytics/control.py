"""The control API of analytics: events that no call causes."""

from typing import Any

from flask import Blueprint
from jsonschema import Draft202012Validator

from local.simulator.analytics.state import Analytics
from local.simulator.contract import error_details, undocumented
from local.simulator.errors import invalid_body
from local.simulator.web import json_object, state

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
    """Record an event; members of its data may stand beside `type`, or in `data` where their names are taken."""
    given = json_object()
    details = error_details(_SPEC.iter_errors(given), undocumented)
    if details:
        raise invalid_body(*details)
    beside = {name: value for name, value in given.items() if name not in _ENVELOPE}
    return state(Analytics).add(given["type"], given["room_id"], beside | given.get("data", {}))

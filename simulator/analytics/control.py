"""The control API of events: those that no call causes, for the analytics record or to be sent as a webhook."""

from typing import Any

from flask import Blueprint
from jsonschema import Draft202012Validator

from simulator.analytics.state import Analytics
from simulator.contract import error_details, no_documented_text
from simulator.domain_events import DomainEvent, DomainEvents
from simulator.errors import invalid_body
from simulator.events import EventType, analytics_types, compose_event, sample_data, webhook_types
from simulator.request_parsing import json_object, state, store
from simulator.rooms.state import Rooms
from simulator.sessions.state import Sessions

Json = dict[str, Any]

_ENVELOPE = ("type", "room_id", "data")
_EVENT_SCHEMA = Draft202012Validator(
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
    spec = json_object()
    details = error_details(_EVENT_SCHEMA.iter_errors(spec), no_documented_text)
    if details:
        raise invalid_body(*details)
    data = {name: value for name, value in spec.items() if name not in _ENVELOPE} | spec.get("data", {})
    if spec["type"] in analytics_types() or spec["type"] not in webhook_types():
        return state(Analytics).add(spec["type"], spec["room_id"], data)
    return _send(webhook_types()[spec["type"]], spec["room_id"], data)


def _send(event_type: EventType, room_id: str, data: Json) -> Json:
    """Let a thing happen of which only a webhook tells; what the data leaves out is as in the documented sample."""
    session = state(Sessions).active(state(Rooms).get(room_id).id)
    domain_event = DomainEvent(event_type.name, room_id, session.id if session else "", sample_data(event_type) | data)
    state(DomainEvents).publish(domain_event)
    return compose_event(store(), event_type, domain_event)

"""Serve the control call that adds events which no API call causes: analytics events and webhooks."""

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

blueprint = Blueprint("events_control", __name__)


@blueprint.post("/events")
def add_event() -> Json:
    """Add an analytics event or send a webhook. Members of its data go beside `type`, or in `data`."""
    spec = json_object()
    details = error_details(_EVENT_SCHEMA.iter_errors(spec), no_documented_text)
    if details:
        raise invalid_body(*details)
    data = {name: value for name, value in spec.items() if name not in _ENVELOPE} | spec.get("data", {})
    if spec["type"] in analytics_types() or spec["type"] not in webhook_types():
        return state(Analytics).add(spec["type"], spec["room_id"], data)
    return _send(webhook_types()[spec["type"]], spec["room_id"], data)


def _send(event_type: EventType, room_id: str, data: Json) -> Json:
    """Publish an event that exists only as a webhook. The documented sample supplies the omitted data."""
    session = state(Sessions).active(state(Rooms).get(room_id).id)
    domain_event = DomainEvent(event_type.name, room_id, session.id if session else "", sample_data(event_type) | data)
    state(DomainEvents).publish(domain_event)
    return compose_event(store(), event_type, domain_event)

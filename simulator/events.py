"""Compose webhook and analytics events in the form that the contract defines."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from simulator.clock import FormatTime, format_nanoseconds, format_seconds
from simulator.contract import document
from simulator.domain_events import DomainEvent
from simulator.ids import new_uuid
from simulator.rooms.state import Rooms
from simulator.store import Store

Json = dict[str, Any]

LOCATION_MEMBERS = frozenset({"account_id", "app_id", "room_id", "room_name", "template_id", "session_id"})


@dataclass(frozen=True)
class EventType:
    """A type of event.

    `schema` is the name of the event's schema in the contract. `members` are the documented members of its data.
    `format_time` formats the timestamp of its envelope.
    """

    name: str
    version: str
    schema: str
    members: frozenset[str]
    format_time: FormatTime


@cache
def webhook_types() -> dict[str, EventType]:
    """Return the types of webhooks, by name."""
    types = {}
    for name, item in document("webhooks")["webhooks"].items():
        content = item["post"]["requestBody"]["content"]["application/json"]
        schema = _referenced_name(content["schema"])
        data = _schemas("webhooks")[schema]["allOf"][1]["properties"]["data"]
        version = content["examples"]["sample"]["value"]["version"]
        types[name] = _event_type(name, version, "webhooks", schema, data, format_seconds)
    return types


@cache
def analytics_types() -> dict[str, EventType]:
    """Return the types of analytics events, by name."""
    types = {}
    for schema in map(_referenced_name, _schemas("100ms")["AnalyticsEvent"]["oneOf"]):
        properties = _schemas("100ms")[schema]["properties"]
        for name in properties["type"].get("enum") or [properties["type"]["const"]]:
            types[name] = _event_type(name, "2.0", "100ms", schema, properties["data"], format_nanoseconds)
    return types


def sample_data(event_type: EventType) -> Json:
    """Return the data of the documented sample, without the members that name the account, room and session."""
    content = document("webhooks")["webhooks"][event_type.name]["post"]["requestBody"]["content"]["application/json"]
    data: Json = content["examples"]["sample"]["value"]["data"]
    return {name: value for name, value in data.items() if name not in LOCATION_MEMBERS}


def compose_event(store: Store, event_type: EventType, domain_event: DomainEvent) -> Json:
    """Return an event of this type: the envelope with the domain event's data and the members that locate it.

    Raises NotFound for an unknown room.
    """
    room = store[Rooms].get(domain_event.room_id)
    location = {
        "account_id": store.customer_id,
        "app_id": store.app_id,
        "room_id": room.id,
        "room_name": room.name,
        "template_id": room.template_id,
        "session_id": domain_event.session_id,
    }
    return {
        "version": event_type.version,
        "id": new_uuid(),
        "timestamp": event_type.format_time(store.clock.now()),
        "type": event_type.name,
        "data": {name: value for name, value in location.items() if name in event_type.members} | domain_event.data,
    }


def _event_type(
    name: str, version: str, document_name: str, schema: str, data: Json, format_time: FormatTime
) -> EventType:
    members = frozenset(_schemas(document_name)[_referenced_name(data)]["properties"])
    return EventType(name, version, schema, members, format_time)


def _schemas(document_name: str) -> Json:
    schemas: Json = document(document_name)["components"]["schemas"]
    return schemas


def _referenced_name(schema: Json) -> str:
    return str(schema["$ref"]).rpartition("/")[2]

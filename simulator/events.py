"""Events as the contract writes them: which types there are, and the form a happening takes as one of them."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from simulator.clock import stamp
from simulator.contract import document
from simulator.happenings import Happening
from simulator.ids import new_uuid
from simulator.rooms.state import Rooms
from simulator.store import Store

Json = dict[str, Any]

PLACE = frozenset({"account_id", "app_id", "room_id", "room_name", "template_id", "session_id"})


@dataclass(frozen=True)
class EventType:
    """A type of event; `schema` names the event's in the contract, `members` are what its data documents."""

    name: str
    version: str
    schema: str
    members: frozenset[str]


@cache
def webhook_types() -> dict[str, EventType]:
    """The types that are sent as webhooks, by name."""
    types = {}
    for name, item in document("webhooks")["webhooks"].items():
        content = item["post"]["requestBody"]["content"]["application/json"]
        schema = _referred(content["schema"])
        data = _schemas("webhooks")[schema]["allOf"][1]["properties"]["data"]
        version = content["examples"]["sample"]["value"]["version"]
        types[name] = _event_type(name, version, "webhooks", schema, data)
    return types


@cache
def analytics_types() -> dict[str, EventType]:
    """The types that the analytics record has, by name."""
    types = {}
    for schema in map(_referred, _schemas("100ms")["AnalyticsEvent"]["oneOf"]):
        properties = _schemas("100ms")[schema]["properties"]
        for name in properties["type"].get("enum") or [properties["type"]["const"]]:
            types[name] = _event_type(name, "2.0", "100ms", schema, properties["data"])
    return types


def sample(kind: EventType) -> Json:
    """What the sample of a webhook says beyond where it happened."""
    content = document("webhooks")["webhooks"][kind.name]["post"]["requestBody"]["content"]["application/json"]
    data: Json = content["examples"]["sample"]["value"]["data"]
    return {name: value for name, value in data.items() if name not in PLACE}


def compose(store: Store, kind: EventType, happening: Happening) -> Json:
    """An event of this type: an envelope with the happening's data and the documented names of where it happened.

    Raises NotFound for an unknown room.
    """
    room = store[Rooms].get(happening.room_id)
    names = {
        "account_id": store.customer_id,
        "app_id": store.app_id,
        "room_id": room.id,
        "room_name": room.name,
        "template_id": room.template_id,
        "session_id": happening.session_id,
    }
    return {
        "version": kind.version,
        "id": new_uuid(),
        "timestamp": stamp(store.clock.now()),
        "type": kind.name,
        "data": {name: value for name, value in names.items() if name in kind.members} | happening.data,
    }


def _event_type(name: str, version: str, document_name: str, schema: str, data: Json) -> EventType:
    return EventType(name, version, schema, frozenset(_schemas(document_name)[_referred(data)]["properties"]))


def _schemas(document_name: str) -> Json:
    schemas: Json = document(document_name)["components"]["schemas"]
    return schemas


def _referred(schema: Json) -> str:
    return str(schema["$ref"]).rpartition("/")[2]

"""Serve the control calls with which an RTMP encoder streams into a room."""

from typing import Any

from flask import Blueprint

from simulator.control.bodies import TEXT, object_schema, read_body
from simulator.errors import invalid_query
from simulator.ingest.state import END_REASONS, Ingests
from simulator.request_parsing import query_text, state

Json = dict[str, Any]

_CONNECT = object_schema("key", key=TEXT)

blueprint = Blueprint("ingests_control", __name__)


@blueprint.post("/ingests")
def connect() -> Json:
    """Connect an encoder with a stream key, or reconnect it."""
    ingest = state(Ingests).connect(read_body(_CONNECT)["key"])
    return ingest.to_dict() | {"live_stream_id": ingest.live_stream.id}


@blueprint.delete("/ingests/<ingest_id>")
def disconnect(ingest_id: str) -> Json:
    """Disconnect an encoder, which can reconnect. With a `reason`, end the ingest at once."""
    reason = query_text("reason")
    if reason is None:
        state(Ingests).disconnect(ingest_id)
    elif reason in END_REASONS:
        state(Ingests).end(ingest_id, reason)
    else:
        raise invalid_query("reason")
    return {}


@blueprint.post("/ingests/<ingest_id>/failure")
def fail(ingest_id: str) -> Json:
    """Fail an ingest."""
    state(Ingests).fail(ingest_id)
    return {}

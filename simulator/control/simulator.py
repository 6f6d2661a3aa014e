"""Serve the control calls for the simulator itself: its request log, faults, clock and reset."""

from typing import Any, cast

from flask import Blueprint, current_app

from simulator.clock import format_timestamp
from simulator.errors import invalid_body
from simulator.faults import read_fault
from simulator.middleware import RequestMiddleware
from simulator.request_parsing import json_object, store

MIDDLEWARE = "simulator-middleware"
MAX_ADVANCE_SECONDS = 10 * 365 * 86_400

blueprint = Blueprint("simulator_control", __name__)


def _middleware() -> RequestMiddleware:
    return cast(RequestMiddleware, current_app.extensions[MIDDLEWARE])


@blueprint.get("/requests")
def list_requests() -> dict[str, Any]:
    """Return the logged requests, oldest first."""
    return {"requests": [request.to_dict() for request in _middleware().log.all()]}


@blueprint.delete("/requests")
def clear_requests() -> dict[str, Any]:
    """Clear the request log."""
    _middleware().log.clear()
    return {}


@blueprint.post("/faults")
def add_fault() -> dict[str, Any]:
    """Add a fault."""
    fault = json_object()
    _middleware().faults.add(read_fault(fault))
    return fault


@blueprint.get("/faults")
def list_faults() -> dict[str, Any]:
    """Return the pending faults, oldest first."""
    return {"faults": [fault.to_dict() for fault in _middleware().faults.all()]}


@blueprint.delete("/faults")
def clear_faults() -> dict[str, Any]:
    """Remove all pending faults."""
    _middleware().faults.clear()
    return {}


@blueprint.post("/clock")
def advance_clock() -> dict[str, Any]:
    """Advance the clock by `advance_seconds`."""
    seconds = json_object().get("advance_seconds")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds <= MAX_ADVANCE_SECONDS:
        raise invalid_body(f"Invalid body param: advance_seconds must be between 0 and {MAX_ADVANCE_SECONDS}")
    return {"now": format_timestamp(store().clock.advance(seconds))}


@blueprint.post("/reset")
def reset() -> dict[str, Any]:
    """Restore the initial state: an empty store, real time, no logged requests and no faults."""
    store().reset()
    _middleware().log.clear()
    _middleware().faults.clear()
    return {}

"""Serve the routes of analytics events and peer statistics."""

from typing import Any

from flask import Blueprint

from simulator.analytics.peer_stats import peer_stats
from simulator.analytics.state import Analytics, EventQuery
from simulator.request_parsing import (
    query_flag,
    query_limit,
    query_text,
    query_values,
    required_query_text,
    state,
    store,
)

Json = dict[str, Any]

DEFAULT_LIMIT = 10
_IDS = ("session_id", "peer_id", "user_id", "beam_id")

blueprint = Blueprint("analytics", __name__)


@blueprint.get("/analytics/events")
def list_analytics_events() -> Json:
    """Return a page of a room's events."""
    query = EventQuery(
        room_id=required_query_text("room_id"),
        types=query_values("type"),
        errors_only=query_flag("error") or False,
        ids=frozenset((name, value) for name in _IDS if (value := query_text(name)) is not None),
    )
    return state(Analytics).select(query, query_limit(DEFAULT_LIMIT), query_text("start"))


@blueprint.get("/analytics/peer-stats")
def get_peer_stats() -> Json:
    """Return the statistics of a peer."""
    return peer_stats(store(), required_query_text("session_id"), required_query_text("peer_id"))

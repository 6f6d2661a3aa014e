"""Serve the routes of the delivery history and of replays."""

import sys
from typing import Any

from flask import Blueprint

from simulator.request_parsing import (
    optional_json_body,
    query_instant,
    query_limit,
    query_number,
    query_text,
    query_values,
    state,
    store,
)
from simulator.webhooks.history import Selection, history_page, parse_window
from simulator.webhooks.replay import MAX_EVENTS, Replays

Json = dict[str, Any]

DEFAULT_LIMIT = 50
MAX_PAGE = 1_000_000

blueprint = Blueprint("webhooks", __name__)


@blueprint.get("/analytics/webhooks")
def list_webhook_events() -> Json:
    """Return a page of the delivery history."""
    selection = Selection(
        parse_window(store(), query_instant("start_time"), query_instant("end_time")),
        query_text("room_id") or "",
        query_text("status") or "all",
        query_values("event_names"),
    )
    return history_page(store(), selection, query_limit(DEFAULT_LIMIT), query_number("page", 1, 1, MAX_PAGE))


@blueprint.post("/analytics/webhooks/replay")
def replay_webhook_events() -> Json:
    """Start a replay. Its filters are in the query, the body or both; the body wins."""
    return state(Replays).start(_replay_query() | optional_json_body())


@blueprint.get("/analytics/webhooks/replay/<workflow_id>")
def get_webhook_replay_status(workflow_id: str) -> Json:
    """Return the status and progress of a replay."""
    return state(Replays).get(workflow_id).to_dict()


def _replay_query() -> Json:
    # [webhooks.replay-filters] the table has query parameters, the samples a body.
    filters: Json = {name: query_text(name) for name in ("start_time", "end_time", "room_id", "status")}
    filters["event_names"] = sorted(query_values("event_names"))
    if query_text("limit"):
        filters["limit"] = query_limit(MAX_EVENTS, highest=MAX_EVENTS)
    if query_text("offset"):
        filters["offset"] = query_number("offset", 0, 0, sys.maxsize)
    return {name: value for name, value in filters.items() if value}

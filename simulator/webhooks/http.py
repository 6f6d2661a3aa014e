"""The routes of the delivery history and of replays."""

from typing import Any

from flask import Blueprint

from simulator.contract import document
from simulator.request_parsing import (
    json_body,
    query_choice,
    query_choices,
    query_instant,
    query_number,
    query_text,
    state,
    store,
)
from simulator.webhooks.history import Selection, history_page, parse_window
from simulator.webhooks.replay import Replays

Json = dict[str, Any]

DEFAULT_LIMIT = 50
MAX_LIMIT = 100
MAX_PAGE = 1_000_000

blueprint = Blueprint("webhooks", __name__)


@blueprint.get("/analytics/webhooks")
def list_webhook_events() -> Json:
    """A page of the history."""
    selection = Selection(
        parse_window(store(), query_instant("start_time"), query_instant("end_time")),
        query_text("room_id") or "",
        query_choice("status", _enum_values("DeliveryStatusFilter"), "all"),
        query_choices("event_names", _enum_values("WebhookEventName")),
    )
    limit = query_number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
    return history_page(store(), selection, limit, query_number("page", 1, 1, MAX_PAGE))


@blueprint.post("/analytics/webhooks/replay")
def replay_webhook_events() -> Json:
    """Queue a replay."""
    return state(Replays).start(json_body())


@blueprint.get("/analytics/webhooks/replay/<workflow_id>")
def get_webhook_replay_status(workflow_id: str) -> Json:
    """How far a replay is."""
    return state(Replays).get(workflow_id).to_dict()


def _enum_values(schema: str) -> list[str]:
    options: list[str] = document()["components"]["schemas"][schema]["enum"]
    return options

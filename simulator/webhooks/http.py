"""The routes of the delivery history and of replays."""

from typing import Any

from flask import Blueprint

from simulator.contract import document
from simulator.web import body, choice, choices, instant, number, state, store, text
from simulator.webhooks.history import Selection, history_page, window
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
        window(store(), instant("start_time"), instant("end_time")),
        text("room_id") or "",
        choice("status", _options("DeliveryStatusFilter"), "all"),
        choices("event_names", _options("WebhookEventName")),
    )
    limit = number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
    return history_page(store(), selection, limit, number("page", 1, 1, MAX_PAGE))


@blueprint.post("/analytics/webhooks/replay")
def replay_webhook_events() -> Json:
    """Queue a replay."""
    return state(Replays).start(body())


@blueprint.get("/analytics/webhooks/replay/<workflow_id>")
def get_webhook_replay_status(workflow_id: str) -> Json:
    """How far a replay is."""
    return state(Replays).get(workflow_id).shown()


def _options(schema: str) -> list[str]:
    options: list[str] = document()["components"]["schemas"][schema]["enum"]
    return options

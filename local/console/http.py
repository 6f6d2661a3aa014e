"""The console's page, and what it asks for: the rooms, a token, the events, and the simulator's control calls."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests
from flask import Blueprint, Response, abort, request, send_from_directory

from local.events import Bus
from local.settings import HOST, Settings
from local.token import management_token

PAGE = Path(__file__).with_name("page")
OURSELVES = {HOST, "localhost"}
PATIENCE_SECONDS = 10
ONLY_ITSELF = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)


def console(stack: Settings, simulator: str, bus: Bus) -> Blueprint:
    """The console as a part of a Flask application.

    Args:
        stack: the stack's settings.
        simulator: the simulator's URL.
        bus: where the events come from.
    """
    blueprint = Blueprint("console", __name__, url_prefix="/_local")

    @blueprint.before_request
    def refuse_others() -> None:
        """A name that leads here by somebody else's DNS is not ours: the page has a token."""
        if request.host.partition(":")[0] not in OURSELVES:
            abort(403)

    @blueprint.get("/")
    @blueprint.get("/<name>")
    def show(name: str = "index.html") -> Response:
        response = send_from_directory(PAGE, name)
        response.headers["content-security-policy"] = ONLY_ITSELF
        response.headers["cache-control"] = "no-store"
        return response

    @blueprint.get("/settings")
    def settings() -> dict[str, str]:
        return {"token": management_token(stack), "simulator": simulator}

    @blueprint.route("/simulator/<path:path>", methods=["GET", "POST", "DELETE"])
    def control(path: str) -> Response:
        """A control call of the simulator, whose address is another origin to the page."""
        body: Any = request.get_json() if request.method == "POST" else None
        url = f"{simulator}/_simulator/{path}"
        answer = requests.request(request.method, url, json=body, timeout=PATIENCE_SECONDS)
        return Response(answer.content, answer.status_code, content_type=answer.headers["content-type"])

    @blueprint.get("/events")
    def events() -> Response:
        """The events of the bus as they come, as server-sent events."""
        headers = {"cache-control": "no-store"}
        return Response(_streamed(bus), content_type="text/event-stream; charset=utf-8", headers=headers)

    return blueprint


def _streamed(bus: Bus) -> Iterator[str]:
    """A line a moment, so that a page that is gone is noticed."""
    with bus.followed() as receive:
        yield ": here\n\n"
        while True:
            for event in receive():
                yield f"data: {json.dumps(event)}\n\n"
            yield f": {time.time():.0f}\n\n"

"""The HTTP routes of the console: its page, a token, the events and the simulator's control calls."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests
from flask import Blueprint, Response, abort, request, send_from_directory

from hms.tokens import sign_management_token
from local.events import EventBus
from local.settings import Settings
from simulator.host_check import is_cross_site

PAGE = Path(__file__).with_name("page")
TIMEOUT_SECONDS = 10
TOKEN_LIFETIME_SECONDS = 60
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)


def console_blueprint(settings: Settings, simulator: str, bus: EventBus) -> Blueprint:
    """Return the console as a Flask blueprint.

    Args:
        settings: the stack's settings.
        simulator: the simulator's URL.
        bus: the bus whose events the console shows.
    """
    blueprint = Blueprint("console", __name__, url_prefix="/_local")

    @blueprint.before_request
    def reject_cross_site() -> None:
        """Reject other host names and other origins with 403, because `/settings` returns a token."""
        if is_cross_site(request.environ):
            abort(403)

    @blueprint.after_request
    def set_response_headers(response: Response) -> Response:
        response.headers["cache-control"] = "no-store"
        response.headers["x-content-type-options"] = "nosniff"
        return response

    @blueprint.get("/")
    @blueprint.get("/<name>")
    def serve_file(name: str = "index.html") -> Response:
        response = send_from_directory(PAGE, name)
        response.headers["content-security-policy"] = CONTENT_SECURITY_POLICY
        return response

    @blueprint.get("/settings")
    def show_settings() -> dict[str, str]:
        """Return a token for the next call and the simulator's URL."""
        token = sign_management_token(settings.access_key, settings.secret, lifetime=TOKEN_LIFETIME_SECONDS)
        return {"token": token, "simulator": simulator}

    @blueprint.route("/simulator/<path:path>", methods=["GET", "POST", "DELETE"])
    def forward_control_call(path: str) -> Response:
        """Forward a control call to the simulator, which is another origin for the page."""
        body: Any = request.get_json() if request.method == "POST" else None
        url = f"{simulator}/_simulator/{path}"
        with requests.Session() as session:
            session.trust_env = False  # a proxy cannot reach this machine
            response = session.request(request.method, url, json=body, timeout=TIMEOUT_SECONDS)
        return Response(response.content, response.status_code, content_type=response.headers["content-type"])

    @blueprint.get("/events")
    def stream_events() -> Response:
        """Stream the events of the bus as server-sent events."""
        return Response(_server_sent_events(bus), content_type="text/event-stream; charset=utf-8")

    return blueprint


def _server_sent_events(bus: EventBus) -> Iterator[str]:
    """Yield the events, and a comment after each poll. Writing the comment detects a closed page."""
    with bus.follow() as receive:
        yield ": connected\n\n"
        while True:
            for event in receive():
                yield f"data: {json.dumps(event)}\n\n"
            yield ": keep-alive\n\n"

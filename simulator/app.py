"""Build the Flask application: the routes of all sections under /v2, and the error envelope."""

import logging
from collections.abc import Callable
from typing import Any, NoReturn
from urllib.parse import unquote

from flask import Flask, Response, jsonify
from flask.json.provider import DefaultJSONProvider
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest, HTTPException, MethodNotAllowed, RequestEntityTooLarge
from werkzeug.routing import Rule

from simulator.active_rooms import http as active_rooms
from simulator.analytics import http as analytics
from simulator.analytics.state import Analytics
from simulator.control import events as events_control
from simulator.control import ingests as ingests_control
from simulator.control import jobs as jobs_control
from simulator.control import join as join_control
from simulator.control import messages as messages_control
from simulator.control import peers as peers_control
from simulator.control import polls as polls_control
from simulator.control import rooms as rooms_control
from simulator.control import simulator as simulator_control
from simulator.control import sip as sip_control
from simulator.control import tracks as tracks_control
from simulator.control import webhooks as webhooks_control
from simulator.errors import ApiError, envelope
from simulator.external_streams import http as external_streams
from simulator.files import http as files
from simulator.files.state import PREFIX as STORAGE_PREFIX
from simulator.live_streams import http as live_streams
from simulator.middleware import API_PREFIX, CONTROL_PREFIX, RequestMiddleware, add_cors_headers
from simulator.polls import http as polls
from simulator.polls.sessions import PollSessions
from simulator.prebuilt import http as prebuilt
from simulator.recording_assets import http as recording_assets
from simulator.recordings import http as recordings
from simulator.recordings.sfu import SfuRecordings
from simulator.recordings.state import Recordings
from simulator.request_parsing import STORE
from simulator.room_codes import http as room_codes
from simulator.rooms import http as rooms
from simulator.sessions import http as sessions
from simulator.sip import http as sip
from simulator.store import Store
from simulator.stream_keys import http as stream_keys
from simulator.templates import http as templates
from simulator.webhooks import http as webhooks
from simulator.webhooks.state import Webhooks

MAX_BODY_BYTES = 10 * 1024 * 1024  # [server.body-size] no limit is documented

API_BLUEPRINTS = (
    rooms.blueprint,
    room_codes.blueprint,
    templates.blueprint,
    sessions.blueprint,
    active_rooms.blueprint,
    recordings.blueprint,
    recording_assets.blueprint,
    live_streams.blueprint,
    external_streams.blueprint,
    polls.blueprint,
    stream_keys.blueprint,
    sip.blueprint,
    analytics.blueprint,
    webhooks.blueprint,
    prebuilt.blueprint,
)
CONTROL_BLUEPRINTS = (
    simulator_control.blueprint,
    rooms_control.blueprint,
    peers_control.blueprint,
    join_control.blueprint,
    tracks_control.blueprint,
    messages_control.blueprint,
    ingests_control.blueprint,
    sip_control.blueprint,
    jobs_control.blueprint,
    polls_control.blueprint,
    events_control.blueprint,
    webhooks_control.blueprint,
)
EAGER_SECTIONS: tuple[type[Any], ...] = (Analytics, Webhooks, Recordings, SfuRecordings, PollSessions)

logger = logging.getLogger(__name__)


class _Json(DefaultJSONProvider):
    sort_keys = False
    compact = True


class _Rule(Rule):
    """A route without the functions that build its URL. No code needs them, and they take a fifth of a start."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:  # noqa: ARG002
        return _build_nothing


def _build_nothing(*_: object) -> NoReturn:
    raise NotImplementedError


class _App(Flask):
    json_provider_class = _Json
    url_rule_class = _Rule

    def __init__(self, store: Store) -> None:
        super().__init__("simulator", static_folder=None)
        self.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
        # [server.head] Flask answers HEAD on every route of GET.
        self.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
        self.url_map.merge_slashes = False
        self.url_map.strict_slashes = False
        self._store = store

    def dispatch_request(self) -> ResponseReturnValue:
        with self._store.lock:
            return self.make_response(super().dispatch_request())


def create_app(store: Store) -> Flask:
    """Return the simulator as a WSGI application on this store."""
    middleware = RequestMiddleware(store.tokens)
    app = _App(store)
    app.extensions[STORE] = store
    app.extensions[simulator_control.MIDDLEWARE] = middleware
    app.before_request(middleware.handle_request)
    app.after_request(add_cors_headers)
    app.url_value_preprocessor(_decode_path_values)
    app.register_error_handler(ApiError, _api_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected_error)
    for blueprint in API_BLUEPRINTS:
        app.register_blueprint(blueprint, url_prefix=API_PREFIX)
    app.register_blueprint(files.blueprint, url_prefix=STORAGE_PREFIX)
    for blueprint in CONTROL_BLUEPRINTS:
        app.register_blueprint(blueprint, url_prefix=CONTROL_PREFIX)
    return app


def _decode_path_values(_: str | None, values: dict[str, Any] | None) -> None:
    if values:
        values.update({name: unquote(value) for name, value in values.items()})


def _api_error(error: ApiError) -> ResponseReturnValue:
    return envelope(error.status, error.message, error.details), error.status


def _http_error(error: HTTPException) -> Response:
    response = error.get_response()
    status = response.status_code
    json_response = jsonify(envelope(status, error.name))
    json_response.status_code = status
    if isinstance(error, MethodNotAllowed):
        json_response.headers["Allow"] = response.headers["Allow"]
    if isinstance(error, BadRequest | RequestEntityTooLarge):  # the client may still be sending the body
        json_response.headers["Connection"] = "close"
    return json_response


def _unexpected_error(error: Exception) -> ResponseReturnValue:
    logger.error("request failed", exc_info=error)
    return envelope(500, "Internal server error"), 500, {"Connection": "close"}

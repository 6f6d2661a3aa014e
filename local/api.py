"""The local API Gateway: SAM CLI's emulation with corrections that make it behave like AWS."""

import json
import uuid
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event, Thread
from typing import Any

from flask import Blueprint, Request, Response, request
from samcli.lib.providers.provider import Api
from samcli.local.apigw.event_constructor import construct_v2_event_http
from samcli.local.apigw.exceptions import LambdaResponseParseException
from samcli.local.apigw.local_apigw_service import LocalApigwService
from samcli.local.apigw.route import Route
from samcli.local.services.base_local_service import LambdaOutputParser
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from local.compat import patch_sam_cli
from local.lambda_runtime import LambdaRuntime, RequestTooLargeError
from local.limits import gateway
from local.limits.gateway import GatewayLimitError
from local.limits.table import API_SECONDS
from local.settings import HOST
from simulator.request_line import Utf8RequestLine

TEXT_TYPES = {"application/json", "application/xml", "application/javascript"}

patch_sam_cli()


@contextmanager
def running_api(
    api: Api, runner: LambdaRuntime, port: int, *blueprints: Blueprint, exposed_headers: str = ""
) -> Iterator[str]:
    """Serve the API and the blueprints while the context is open. Yields the base URL.

    Args:
        api: the routes of the template.
        runner: runs their functions.
        port: where it listens.
        blueprints: what else it serves.
        exposed_headers: headers that CORS lets pages of other origins read, separated by commas.
    """
    server = LocalApi(api, runner, port, *blueprints, exposed_headers=exposed_headers).server()
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://{HOST}:{port}"
    finally:
        server.shutdown()
        server.server_close()


class LocalApi(LocalApigwService):  # type: ignore[misc]
    """SAM CLI's local API Gateway on a server that can be stopped."""

    def __init__(
        self, api: Api, runner: LambdaRuntime, port: int, *blueprints: Blueprint, exposed_headers: str = ""
    ) -> None:
        super().__init__(api, runner, port=port, host=HOST)
        self._exposed_headers = exposed_headers
        self.create()
        self._app.url_map.merge_slashes = False
        for blueprint in blueprints:
            self._app.register_blueprint(blueprint)

    def server(self) -> BaseWSGIServer:
        """Return a server that is already listening; it responds after `serve_forever` is called."""
        return make_server(HOST, self.port, self._app, threaded=True, request_handler=_RequestHandler)

    def _request_handler(self, **arguments: Any) -> Response:
        """Answer as SAM CLI does, within the limits of API Gateway, and with the exposed headers that SAM CLI omits."""
        try:
            gateway.check(request)
            response: Response = super()._request_handler(**arguments)
        except GatewayLimitError as error:
            return error.response()
        if "access-control-allow-origin" in response.headers and self._exposed_headers:
            response.headers["access-control-expose-headers"] = self._exposed_headers
        return response

    def _invoke_lambda_function(self, lambda_function_name: str, event: dict[str, Any], *_: object) -> str:
        """Return the function's response, or 503 after the timeout. Waiting for a free container does not count."""
        invocation_started, future = Event(), Future[str]()
        text = json.dumps(event, ensure_ascii=False)
        Thread(target=self._invoke, args=(lambda_function_name, text, invocation_started, future), daemon=True).start()
        invocation_started.wait()
        try:
            result = future.result(API_SECONDS.value)
        except RequestTooLargeError:
            raise gateway.payload_too_large() from None
        except TimeoutError:
            raise gateway.integration_timeout() from None
        if LambdaOutputParser.is_lambda_error_response(result):
            raise LambdaResponseParseException
        return result

    def _invoke(self, function: str, event: str, invocation_started: Event, future: "Future[str]") -> None:
        try:
            future.set_result(self.lambda_runner.call(function, event, invocation_started.set))
        except Exception as error:  # noqa: BLE001
            future.set_exception(error)
        finally:
            invocation_started.set()

    def _generate_lambda_event(
        self, flask_request: Request, route: Route, method: str, _endpoint: str
    ) -> dict[str, Any]:
        """Build the event as AWS does. SAM CLI reuses one time and request ID and cannot pass binary bodies."""
        now = datetime.now(UTC)
        route_method = "ANY" if set(route.methods) == set(Route.ANY_HTTP_METHODS) else method
        event: dict[str, Any] = construct_v2_event_http(
            flask_request,
            self.port,
            [flask_request.mimetype] if _has_binary_body(flask_request) else [],
            stage_name=self.api.stage_name,
            stage_variables=self.api.stage_variables,
            route_key=self._v2_route_key(route_method, route.path, route.is_default_route),
            request_time_epoch=int(now.timestamp() * 1000),
            request_time=now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
        )
        event["headers"] = {name.lower(): value for name, value in event["headers"].items()}
        event["requestContext"]["requestId"] = str(uuid.uuid4())
        event["requestContext"]["http"]["userAgent"] = flask_request.user_agent.string
        return event


def _has_binary_body(request: Request) -> bool:
    """Return True if AWS encodes the body in base64: any content type that is not text, or a missing one."""
    body = request.get_data()
    if not request.mimetype.startswith("text/") and request.mimetype not in TEXT_TYPES:
        return bool(body)
    try:
        body.decode()
    except UnicodeDecodeError:
        return True
    return False


class _RequestHandler(Utf8RequestLine, WSGIRequestHandler):
    """Sends responses without delay. Logs no requests, because paths contain room codes, which are credentials."""

    disable_nagle_algorithm = True

    def log_request(self, *_: object) -> None:
        """Log nothing."""

"""Routes HTTP requests of a function through the common steps to their handlers."""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler import Response as PowertoolsResponse
from aws_lambda_powertools.event_handler.exceptions import NotFoundError as RouteNotFoundError
from aws_lambda_powertools.utilities.typing import LambdaContext

from hms.client import HmsClient
from hms.errors import BadRequestError, HmsError, MethodNotAllowedError, NotFoundError
from hms.http import deadline
from hms.http.stats import UpstreamStats
from hms.operation import Operation
from hms.strict_json import MAX_BYTES
from hms.types import Response
from hms_service.auth.caller import AuthScheme
from hms_service.http import request_log
from hms_service.http.event import is_http_event
from hms_service.http.request_log import RequestLog
from hms_service.http.response import to_error_response, to_powertools_response
from hms_service.http.route import BodyMode, Handler, Request, Route, Step
from hms_service.http.size import compress_if_too_large
from hms_service.http.steps.authentication import Authentication
from hms_service.http.steps.authorization import require_scope
from hms_service.http.steps.body import BodyReader
from hms_service.http.steps.credentials import withhold_credentials
from hms_service.http.steps.idempotency_key import IdempotencyKeys
from hms_service.http.steps.path import check_path, refuse_unsafe_path
from hms_service.http.steps.query import QueryReader
from hms_service.observability.logs import make_logger
from hms_service.observability.metrics import MetricsRecorder
from hms_service.settings import ServiceSettings
from hms_service.warnings import HEADER, format_header

VERSION = re.compile(r"^/v2(?=/|$)")
TRAILING_SLASH = re.compile(r"/$")
VARIABLE, BRACES = re.compile(r"<(\w+)>"), r"{\1}"
NOT_AN_HTTP_EVENT = "event: must be an HTTP API event (payload 2.0)"
AUTH_SCHEMES = {"management": AuthScheme.MANAGEMENT, "app": AuthScheme.APP}
"""Auth scheme of a route by the token type that 100ms expects."""


class _Resolver(APIGatewayHttpResolver):
    """Powertools' resolver with path parameters that match any segment. A step checks the segments."""

    @staticmethod
    def _compile_regex(rule: str, base_regex: str = "") -> re.Pattern[str]:  # noqa: ARG004
        pattern = re.sub(r"<(\w+)>", r"(?P<\1>[^/]+)", rule)
        return re.compile(rf"^{pattern}\Z")


class Router:
    """Serves the routes of a function for an HTTP API (payload 2.0).

    Every route is served at `/…` and `/v2/…`. A management token needs the scope `<resource>:read` for a GET and
    `<resource>:write` otherwise. Responses to keys without `<resource>:write` contain no credentials.

    Args:
        service: name of the function in logs and metrics, such as `active_rooms`.
        scope: resource of the scopes; default: `service` with hyphens.

    Attributes:
        authentication: identifies the callers.

    Example:
        router = Router("sessions")
        router.add_operation(LIST)
        router.add_operation(RETRIEVE)
        handler = router.resolve
    """

    def __init__(self, service: str, *, scope: str = "") -> None:
        self.service = service
        self.settings = ServiceSettings.from_environment()
        self._scope = scope or service.replace("_", "-")
        base_path = re.compile(rf"^/{re.escape(self.settings.base_path)}(?=/|$)")
        prefixes = [base_path] if self.settings.base_path else []
        self._app = _Resolver(strip_prefixes=[*prefixes, VERSION, TRAILING_SLASH], debug=False)
        self._app.not_found(self._respond_to_unknown_route)
        self._app.exception_handler(HmsError)(self._respond_to_error)
        self._app.exception_handler(Exception)(lambda error: self._respond_to_error(self._record_crash(error)))
        self._logger = make_logger(service)
        self._log = RequestLog()
        self._routes: dict[str, dict[str, Route]] = {}
        self._conditional: dict[tuple[str, str], list[tuple[Callable[[Request], bool], Handler]]] = {}
        self._conditional_routes: list[Route] = []
        self.authentication = Authentication(self.client, self.settings)
        self._steps: tuple[Step, ...] = (
            refuse_unsafe_path,
            self.authentication,
            require_scope,
            withhold_credentials,
            QueryReader(self.client.settings.validation),
            BodyReader(self.client.settings.validation),
            IdempotencyKeys(self.client, self.settings.idempotency_table, service, self._record_crash),
        )

    @cached_property
    def client(self) -> HmsClient:
        """The client for 100ms."""
        return HmsClient.from_environment()

    @cached_property
    def metrics(self) -> MetricsRecorder:
        """The recorder of the function's metrics."""
        return MetricsRecorder(self.service, self.settings.stack)

    @property
    def routes(self) -> Mapping[str, Mapping[str, Route]]:
        """The routes by rule and HTTP method."""
        return self._routes

    @property
    def conditional_routes(self) -> Sequence[Route]:
        """The routes with a condition, which share their rule and verb with another route."""
        return self._conditional_routes

    def add_operation(
        self,
        operation: Operation,
        *aliases: str,
        handler: Handler | None = None,
        max_body_bytes: int = MAX_BYTES,
    ) -> None:
        """Serve an operation of 100ms at its path.

        Args:
            operation: the operation to serve.
            aliases: further paths with the same variables, such as `/room-codes/<room_id>`.
            handler: runs instead of a plain call of the operation and returns its response.
            max_body_bytes: maximum size of the body, in bytes.
        """
        for rule in (re.sub(r"{(\w+)}", r"<\1>", operation.path), *aliases):
            self._add(
                Route(
                    operation.method,
                    rule,
                    handler or partial(self._call, operation),
                    AUTH_SCHEMES[operation.auth],
                    self._scope,
                    idempotent=operation.method != "GET",
                    operation=operation,
                    response_operation=operation,
                    body=_get_body_mode(operation),
                    body_type=operation.body_type,
                    max_body_bytes=max_body_bytes,
                )
            )

    def get(
        self,
        rule: str,
        handler: Handler,
        auth_scheme: AuthScheme = AuthScheme.MANAGEMENT,
        *,
        response_operation: Operation | None = None,
    ) -> None:
        """Serve a handler for GET requests.

        Args:
            rule: path with variables in angle brackets.
            handler: returns the response.
            auth_scheme: type of token that the caller needs.
            response_operation: operation whose response the handler returns, in whole or in part.
        """
        self._add(Route("GET", rule, handler, auth_scheme, self._scope, response_operation=response_operation))

    def post(
        self,
        rule: str,
        handler: Handler,
        auth_scheme: AuthScheme = AuthScheme.MANAGEMENT,
        *,
        idempotent: bool = True,
        response_operation: Operation | None = None,
        body: BodyMode = "none",
        max_body_bytes: int = MAX_BYTES,
        condition: Callable[[Request], bool] | None = None,
    ) -> None:
        """Serve a handler for POST requests.

        Args:
            rule: path with variables in angle brackets.
            handler: returns the response.
            auth_scheme: type of token that the caller needs.
            idempotent: whether the route supports `Idempotency-Key`.
            response_operation: operation whose response the handler returns, in whole or in part.
            body: whether a JSON object is required, optional or not allowed as body.
            max_body_bytes: maximum size of the body, in bytes.
            condition: returns True for requests of this handler, if the rule has another handler for the others. It
                is called before authentication.
        """
        self._add(
            Route(
                "POST",
                rule,
                handler,
                auth_scheme,
                self._scope,
                idempotent=idempotent,
                response_operation=response_operation,
                body=body,
                max_body_bytes=max_body_bytes,
                condition=condition,
            )
        )

    def resolve(self, event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        """Handle an event: return its response, write one log line and flush the metrics."""
        started = time.perf_counter()
        deadline.start(context.get_remaining_time_in_millis())
        is_http = is_http_event(event)
        request_id = event["requestContext"]["requestId"] if is_http else context.aws_request_id
        self._logger.append_keys(correlation_id=request_id, function_request_id=context.aws_request_id)
        self._log, self.client.requester.stats = RequestLog(), UpstreamStats()
        try:
            if not is_http:
                raise BadRequestError("Invalid event", details=[NOT_AN_HTTP_EVENT])
            response = self._app.resolve(event, context)
            self._log.record_validation(self.client.requester.stats)
            if self._log.warnings:
                response["headers"][HEADER] = format_header(self._log.warnings)
            response = compress_if_too_large(response, self._app.current_event)
        except HmsError as error:
            self._log.record_error(error)
            response = to_error_response(error, request_id)
        if is_http and event["requestContext"]["http"]["method"] == "HEAD":
            response |= {"body": "", "isBase64Encoded": False}
        self._log.status = response["statusCode"]
        self._log.duration_ms = round((time.perf_counter() - started) * 1000, 1)
        request_log.write(self._log, self.client.requester.stats, self._logger, self.metrics)
        return response

    def _add(self, route: Route) -> None:
        if route.idempotent and route.auth_scheme is AuthScheme.PUBLIC:
            raise ValueError(
                f"{route.method} {route.rule}: idempotency keys need a caller, and a public route has none"
            )
        handle = route.handler
        for step in reversed(self._steps):
            handle = partial(step, route, handle)
        conditional = self._conditional.setdefault((route.method, route.rule), [])
        if route.condition:
            conditional.append((route.condition, handle))
            self._conditional_routes.append(route)
            return

        def endpoint(**path_parameters: str) -> PowertoolsResponse[str]:
            event = self._app.current_event
            self._log.method, self._log.route = event.http_method, route.rule
            path = self._app.context["_path"]
            request = Request(event, self._app.lambda_context, path, path_parameters, self._log)
            chosen = next((other for is_for, other in conditional if is_for(request)), handle)
            return to_powertools_response(chosen(request), event.request_context.request_id)

        self._routes.setdefault(route.rule, {})[route.method] = route
        self._app.route(route.rule, ["GET", "HEAD"] if route.method == "GET" else route.method)(endpoint)

    def _call(self, operation: Operation, request: Request) -> Response:
        """Call the operation with the input of the request."""
        return self.client.requester.call(
            operation,
            request.path_parameters,
            query=request.query,
            body=request.body,
            token=request.token if operation.auth == "app" else None,
        )

    def _record_crash(self, error: Exception) -> HmsError:
        """Log an unexpected exception and return the error for the caller."""
        self._logger.error("crash", exc_info=error)
        crash = HmsError(reason=type(error).__name__)
        self._log.record_error(crash)
        return crash

    def _respond_to_error(self, error: HmsError) -> PowertoolsResponse[str]:
        self._log.record_error(error)
        return to_powertools_response(Response.from_error(error), self._app.current_event.request_context.request_id)

    def _respond_to_unknown_route(self, _: RouteNotFoundError) -> PowertoolsResponse[str]:
        check_path(self._app.current_event.path)
        path = self._app.context["_path"]
        matches = {rule: routes for rule, routes in self._routes.items() if _matches(rule, path)}
        verbs = {verb for routes in matches.values() for verb in routes}
        if verbs:
            routes = [f"{verb} {rule}" for rule, methods in matches.items() for verb in sorted(methods)]
            allowed = [f"allowed: {VARIABLE.sub(BRACES, route)}" for route in routes]
            verbs |= {"HEAD"} if "GET" in verbs else set()
            raise MethodNotAllowedError(details=allowed, headers={"allow": ", ".join(sorted(verbs))})
        from hms_service.http.suggestions import suggest_route

        suggestion = suggest_route(self._app.current_event.http_method, path)
        raise NotFoundError(f"Not found. Did you mean {suggestion}?" if suggestion else "")


def _get_body_mode(operation: Operation) -> BodyMode:
    if operation.body is None:
        return "none"
    return "required" if operation.body_required else "optional"


def _matches(rule: str, path: str) -> bool:
    return _Resolver._compile_regex(rule).match(path) is not None

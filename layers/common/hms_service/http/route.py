"""Types of a route, its request, its handler and the steps before the handler."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Literal, NamedTuple, Protocol
from urllib.parse import parse_qsl

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2
from aws_lambda_powertools.utilities.typing import LambdaContext

from hms.errors import BadRequestError
from hms.operation import Operation
from hms.strict_json import MAX_BYTES
from hms.types import RawJson, Response
from hms_service.auth.caller import AuthScheme, Caller
from hms_service.http.request_log import RequestLog

MAX_QUERY_FIELDS = 100

BodyMode = Literal["none", "optional", "required", "raw"]


class Request:
    """A request to a route.

    Attributes:
        event: event of the HTTP API.
        context: Lambda context.
        path: path without base path, version and trailing slash.
        path_parameters: values of the rule's variables, decoded once by API Gateway.
        log: fields of the log line.
        headers: request headers. Names are case-insensitive.
        caller: the authenticated caller; None before authentication and on public routes.
        token: token of the caller; "" without a caller.
        body: parsed JSON body; None without a body.
    """

    def __init__(
        self,
        event: APIGatewayProxyEventV2,
        context: LambdaContext,
        path: str,
        path_parameters: Mapping[str, str],
        log: RequestLog,
    ) -> None:
        self.event = event
        self.context = context
        self.path = path
        self.path_parameters = path_parameters
        self.log = log
        self.headers: Mapping[str, str] = event.headers
        self.caller: Caller | None = None
        self.token = ""
        self.body: RawJson | None = None

    @cached_property
    def query(self) -> list[tuple[str, str]]:
        """Query parameters in order. Names may repeat. Parameters with an empty value are omitted.

        Raises:
            BadRequestError: The query has over 100 parameters or is not UTF-8.
        """
        try:
            self.event.raw_query_string.encode()
            return parse_qsl(self.event.raw_query_string, errors="strict", max_num_fields=MAX_QUERY_FIELDS)
        except ValueError:
            details = [f"query: must be UTF-8 with at most {MAX_QUERY_FIELDS} parameters"]
            raise BadRequestError("Invalid query", details=details) from None


Handler = Callable[[Request], Response]


class Route(NamedTuple):
    """A route: an HTTP method, a path and a handler, with the requirements for requests.

    Attributes:
        method: HTTP method. Routes for `GET` also serve `HEAD`.
        rule: path with variables in angle brackets.
        handler: returns the response.
        auth_scheme: type of token that the caller needs.
        scope: resource whose `:read` or `:write` scope a management token needs.
        idempotent: whether the route supports `Idempotency-Key`.
        operation: operation of 100ms that the route serves; None for routes of the service itself.
        response_operation: operation whose response the route returns, in whole or in part, or None.
        body: whether a body is required, optional or not allowed. "none" accepts `{}`. With "raw", the handler reads
            the body.
        body_type: JSON type of the body, `dict` or `list`.
        max_body_bytes: maximum size of the body, in bytes.
        condition: returns True for requests of this route, if another route has the same method and rule.
    """

    method: str
    rule: str
    handler: Handler
    auth_scheme: AuthScheme
    scope: str
    idempotent: bool = False
    operation: Operation | None = None
    response_operation: Operation | None = None
    body: BodyMode = "none"
    body_type: type = dict
    max_body_bytes: int = MAX_BYTES
    condition: Callable[[Request], bool] | None = None

    @property
    def is_read_only(self) -> bool:
        """Whether the request only reads."""
        return self.method == "GET"


class Step(Protocol):
    """A step before the handler, such as authentication. It raises an error or calls `proceed`."""

    def __call__(self, route: Route, proceed: Handler, request: Request, /) -> Response:
        """Return the response of `proceed(request)`, or another response."""

"""A route, the request on its way to the route's handler, and the shape of the steps between."""

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
from hms_service.auth.authenticator import AuthScheme, Caller
from hms_service.http.request_log import RequestLog

MAX_QUERY_FIELDS = 100

BodyMode = Literal["none", "optional", "required", "raw"]


class Request:
    """A request on its way.

    Attributes:
        event: the event of the HTTP API.
        context: Lambda's.
        path: the path without base path, version and trailing slash.
        path_parameters: values of the rule's variables, decoded once by API Gateway.
        log: what the log line has so far.
        headers: request headers; names match in any case.
        caller: who calls; None before authentication, and on public routes.
        token: the caller's token; "" where there is no caller.
        body: the checked JSON body, if there is one.
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
        """Query parameters in order. Names may repeat; parameters with an empty value are left out.

        Raises:
            BadRequestError: There are more than 100, or one is not UTF-8.
        """
        try:
            self.event.raw_query_string.encode()
            return parse_qsl(self.event.raw_query_string, errors="strict", max_num_fields=MAX_QUERY_FIELDS)
        except ValueError:
            details = [f"query: over {MAX_QUERY_FIELDS} fields, or not UTF-8"]
            raise BadRequestError("Invalid query", details=details) from None


Handler = Callable[[Request], Response]


class Route(NamedTuple):
    """What a verb of a rule asks of a request, and what handles it.

    Attributes:
        method: HTTP verb. The routes for `GET` answer `HEAD` too.
        rule: path with its variables in angle brackets.
        handler: returns the response.
        auth_scheme: the token that is asked of the caller.
        scope: section whose `:read` or `:write` scope a management token needs.
        idempotent: whether an `Idempotency-Key` makes the request happen once.
        operation: the operation that it serves; None: it is the service's own.
        response_operation: the operation whose response it returns, whole or in part; None: it makes its own.
        body: whether there must or may be a body. "none" accepts `{}`; with "raw" the handler reads it itself.
        body_type: JSON type of the body, `dict` or `list`.
        max_body_bytes: size of the largest body, in bytes.
        condition: says which requests the route is for, if another route has the same verb and rule.
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
    """One step of a request's way: it refuses the request, or lets it proceed."""

    def __call__(self, route: Route, proceed: Handler, request: Request, /) -> Response:
        """Return the response of `proceed(request)`, or another."""

"""Describes the errors of the service, and lists the error statuses of each operation."""

from typing import Any

from hms import errors
from hms.errors import HmsError
from hms_service.auth.caller import AuthScheme
from tools.openapi.models import read_summary
from tools.openapi.routes import PublicRoute

Response = dict[str, Any]

UPSTREAM_ERRORS: tuple[type[HmsError], ...] = (
    errors.UpstreamUnreachableError,
    errors.UpstreamConnectionError,
    errors.InvalidUpstreamResponseError,
)
EXAMPLES: dict[int, tuple[HmsError, ...]] = {
    400: (errors.BadRequestError("Invalid body", details=["name: String should match pattern '^[a-zA-Z0-9.:_-]+$'"]),),
    401: (errors.UnauthorizedError(details=["authorization: must be a bearer token"]),),
    403: (errors.ForbiddenError(details=["this key does not have the scope rooms:write"]),),
    404: (errors.NotFoundError(),),
    406: (errors.NotAcceptableError(details=["accept-encoding: must allow gzip"]),),
    409: (errors.ConflictError(details=["idempotency-key: used by a request that is in progress"]),),
    412: (errors.PreconditionFailedError(details=["name: a room with this name exists"]),),
    413: (errors.PayloadTooLargeError(details=["body: over 1048576 bytes"]),),
    415: (errors.UnsupportedMediaTypeError(details=["content-type: must be application/json"]),),
    422: (errors.IdempotencyKeyReusedError(),),
    429: (errors.RateLimitError(),),
    500: (errors.HmsError(),),
    502: tuple(error() for error in UPSTREAM_ERRORS),
    503: (errors.CredentialsUnavailableError(), errors.StoreUnavailableError(), errors.UpstreamServerError()),
    504: (errors.UpstreamTimeoutError(),),
}
"""Examples of errors by status."""
DESCRIPTIONS = {
    400: "The request is invalid. `details` has an entry for each invalid field.",
    404: "The resource or the route does not exist.",
    429: "100ms or API Gateway limits the rate of requests.",
    500: "100ms or the service failed. The log has the reason under the `x-request-id` of the response.",
    502: "100ms was not reached, or its response cannot be returned. `100ms could not be reached` means that 100ms did "
    "not receive the request. After the other errors, 100ms may have executed a POST or DELETE.",
    503: "100ms or an AWS service is unavailable. Retry later.",
}
"""Descriptions of statuses with several causes. Other statuses use the docstring of their error."""
RETRY_AFTER = {"retry-after": {"$ref": "#/components/headers/RetryAfter"}}
HEADERS: dict[int, dict[str, Any]] = {429: RETRY_AFTER, 503: RETRY_AFTER}


def component_name(status: int) -> str:
    """Return the name of a status in `components.responses`."""
    return {429: "TooManyRequests", 500: "InternalError", 502: "UpstreamFailed", 503: "Unavailable"}.get(
        status, type(EXAMPLES[status][0]).__name__.removesuffix("Error")
    )


def responses() -> dict[str, Response]:
    """Return the error responses for `components.responses`."""
    return {component_name(status): response(status) for status in EXAMPLES}


def response(status: int, description: str = "", examples: dict[str, Any] | None = None) -> Response:
    """Describe the response of a status, with the schema `Error`."""
    examples_of_service = {type(error).__name__: {"value": error.envelope()} for error in EXAMPLES.get(status, ())}
    text = description or DESCRIPTIONS.get(status) or read_summary(EXAMPLES[status][0])
    content = {"schema": {"$ref": "#/components/schemas/Error"}, "examples": examples or examples_of_service}
    headers = {"x-request-id": {"$ref": "#/components/headers/RequestId"}, **HEADERS.get(status, {})}
    return {"description": text, "headers": headers, "content": {"application/json": content}}


def statuses(route: PublicRoute, *, calls_100ms: bool) -> set[int]:
    """Return the error statuses that the service itself can return on a route."""
    possible = {400, 429, 500}
    if route.route.auth_scheme is not AuthScheme.PUBLIC:
        possible |= {401, 503}
    if route.route.auth_scheme in (AuthScheme.MANAGEMENT, AuthScheme.OIDC):
        possible.add(403)
    if route.method != "GET":
        possible.add(413)
    if route.method != "GET" and route.route.body != "raw":
        possible.add(415)
    if route.route.idempotent:
        possible |= {409, 422, 503}
    if calls_100ms:
        possible |= {404, 502, 503, 504}
    return possible

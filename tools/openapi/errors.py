"""The errors that the service makes itself, and which of them an operation can answer."""

from typing import Any

from hms import errors
from hms.errors import HmsError
from hms_service.auth.authenticator import AuthScheme
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
    401: (errors.UnauthorizedError(details=["one bearer token is required"]),),
    403: (errors.ForbiddenError(details=["this key does not have the scope rooms:write"]),),
    404: (errors.NotFoundError(),),
    406: (errors.NotAcceptableError(details=["accept-encoding: gzip is required"]),),
    409: (errors.ConflictError(details=["a request with this idempotency key is under way"]),),
    412: (errors.PreconditionFailedError(details=["name: a room of this name exists"]),),
    413: (errors.PayloadTooLargeError(details=["body: over 1048576 bytes"]),),
    415: (errors.UnsupportedMediaTypeError(details=["content-type: application/json is required"]),),
    422: (errors.IdempotencyKeyReusedError(),),
    429: (errors.RateLimitError(),),
    500: (errors.HmsError(),),
    502: tuple(error() for error in UPSTREAM_ERRORS),
    503: (errors.CredentialsUnavailableError(), errors.StoreUnavailableError(), errors.UpstreamServerError()),
    504: (errors.UpstreamTimeoutError(),),
}
"""An error of each kind that a caller may meet, by status."""
DESCRIPTIONS = {
    400: "The input is not what the operation takes; `details` has an entry a field.",
    404: "There is no such thing, or no such route.",
    429: "100ms, or API Gateway, takes no more requests for now.",
    500: "100ms or the service failed; the log has the reason by the answer's x-request-id.",
    502: "100ms was not reached, or gave no answer that can be passed on. Only `100ms could not be reached` says that "
    "the request never arrived; after the others a POST or DELETE may have been acted on.",
    503: "100ms, or a part of AWS that the call needs, is unavailable; trying again later may help.",
}
"""Where a status has more than one meaning; otherwise the error's own docstring says it."""
RETRY_AFTER = {"retry-after": {"$ref": "#/components/headers/RetryAfter"}}
HEADERS: dict[int, dict[str, Any]] = {429: RETRY_AFTER, 503: RETRY_AFTER}


def component_name(status: int) -> str:
    """What components call the response of the status."""
    return {429: "TooManyRequests", 500: "InternalError", 502: "UpstreamFailed", 503: "Unavailable"}.get(
        status, type(EXAMPLES[status][0]).__name__.removesuffix("Error")
    )


def responses() -> dict[str, Response]:
    """The errors as components by name."""
    return {component_name(status): response(status) for status in EXAMPLES}


def response(status: int, description: str = "", examples: dict[str, Any] | None = None) -> Response:
    """An error in the one envelope."""
    examples_of_service = {type(error).__name__: {"value": error.envelope()} for error in EXAMPLES.get(status, ())}
    text = description or DESCRIPTIONS.get(status) or read_summary(EXAMPLES[status][0])
    content = {"schema": {"$ref": "#/components/schemas/Error"}, "examples": examples or examples_of_service}
    headers = {"x-request-id": {"$ref": "#/components/headers/RequestId"}, **HEADERS.get(status, {})}
    return {"description": text, "headers": headers, "content": {"application/json": content}}


def statuses(route: PublicRoute, *, calls_100ms: bool) -> set[int]:
    """The statuses of the errors that the route can answer by itself."""
    statuses_found = {400, 429, 500}
    if route.route.auth_scheme is not AuthScheme.PUBLIC:
        statuses_found |= {401, 503}
    if route.route.auth_scheme in (AuthScheme.MANAGEMENT, AuthScheme.OIDC):
        statuses_found.add(403)
    if route.method != "GET":
        statuses_found.add(413)
    if route.method != "GET" and route.route.body != "raw":
        statuses_found.add(415)
    if route.route.idempotent:
        statuses_found |= {409, 422, 503}
    if calls_100ms:
        statuses_found |= {404, 502, 503, 504}
    return statuses_found

"""Exceptions of the SDK and the service. Each has an HTTP status and the envelope of an error response."""

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from hms.retry_after import parse_retry_after

MAX_DETAILS = 20
MAX_DETAIL_BYTES = 256
"""Both limits keep the body of an error response under 16 KiB, even if JSON escapes every character."""


class HmsError(Exception):
    """Base class of all errors. The caller receives it as an error response.

    Attributes:
        status_code: HTTP status of the response.
        message: one sentence for the caller. It never holds a secret, a token, an upstream host or a stack trace.
        details: more sentences for the caller, such as one per invalid field.
        reason: cause for the operator. It is logged and never sent.
        headers: additional headers of the response.
    """

    status_code = 500
    message = "internal error"
    headers: Mapping[str, str] = MappingProxyType({})

    def __init__(
        self,
        message: str = "",
        *,
        details: Sequence[str] = (),
        reason: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.message = message or self.message
        self.details = list(details)
        self.reason = reason
        self.headers = {**self.headers, **(headers or {})}
        super().__init__(self.message)

    def envelope(self) -> dict[str, Any]:
        """Return the body of the response. It has the shape of 100ms's own errors and at most 20 details."""
        return {"code": self.status_code, "message": self.message, "details": _truncate_details(self.details)}


def _truncate_details(details: Sequence[str]) -> list[str]:
    """Return at most 20 details. The last one counts the omitted ones: "at least", because checks can stop early."""
    if len(details) <= MAX_DETAILS:
        return [_truncate(detail) for detail in details]
    kept = [_truncate(detail) for detail in details[: MAX_DETAILS - 1]]
    return [*kept, f"... and at least {len(details) - len(kept)} more"]


def _truncate(detail: str) -> str:
    """Return a detail as printable text of at most 256 bytes, because it can quote input of the caller."""
    text = (
        detail
        if detail.isprintable()
        else "".join(character if character.isprintable() else "?" for character in detail)
    )
    if len(text.encode()) <= MAX_DETAIL_BYTES:
        return text
    return text.encode()[:MAX_DETAIL_BYTES].decode(errors="ignore") + "..."


class BadRequestError(HmsError):
    """The request is invalid."""

    status_code = 400
    message = "Bad request"


class UnauthorizedError(HmsError):
    """The token is missing, expired or not valid for this call."""

    status_code = 401
    message = "Token validation error"
    headers = MappingProxyType({"www-authenticate": "Bearer"})


class ForbiddenError(HmsError):
    """The token is valid but does not allow this call."""

    status_code = 403
    message = "Forbidden"


class NotFoundError(HmsError):
    """The object or the route does not exist."""

    status_code = 404
    message = "Not found"


class MethodNotAllowedError(HmsError):
    """The path exists, but not for this HTTP method."""

    status_code = 405
    message = "Method not allowed"


class NotAcceptableError(HmsError):
    """The response is not available in a form that the caller accepts."""

    status_code = 406
    message = "Not acceptable"


class ConflictError(HmsError):
    """A request with the same idempotency key is in progress."""

    status_code = 409
    message = "Conflict"


class IdempotencyKeyAbandonedError(ConflictError):
    """A request with the same idempotency key started and never finished. Its outcome is unknown."""


class PreconditionFailedError(HmsError):
    """The object already exists, and the caller asked not to overwrite it."""

    status_code = 412
    message = "Precondition failed"


class IdempotencyKeyReusedError(HmsError):
    """The idempotency key was already used with a different request."""

    status_code = 422
    message = "Idempotency key reused"


class PayloadTooLargeError(HmsError):
    """The body is larger than the limit."""

    status_code = 413
    message = "Payload too large"


class UnsupportedMediaTypeError(HmsError):
    """The body is not declared as JSON."""

    status_code = 415
    message = "Unsupported media type"


class UpstreamUnreachableError(HmsError):
    """The request never reached 100ms. It is safe to send it again."""

    status_code = 502
    message = "100ms could not be reached"


class UpstreamConnectionError(HmsError):
    """The connection closed before a complete response. 100ms may have executed the request."""

    status_code = 502
    message = "the connection to 100ms closed before it responded"


class InvalidUpstreamResponseError(HmsError):
    """The response of 100ms cannot be forwarded because it is not JSON or is too large."""

    status_code = 502
    message = "100ms sent a response that cannot be forwarded"


class ResponseTooLargeError(HmsError):
    """The response is larger than Lambda can send."""

    status_code = 502
    message = "the response is too large to send"


class UpstreamTimeoutError(HmsError):
    """100ms did not send a complete response in time. It may have executed the request."""

    status_code = 504
    message = "100ms did not respond in time"


class DeadlineExceededError(UpstreamTimeoutError):
    """No time was left to send the request. Nothing was sent."""


class CredentialsUnavailableError(HmsError):
    """The app's key pair cannot be read from SSM.

    Attributes:
        is_transient: whether a retry can succeed, such as after throttling.
    """

    is_transient = False
    status_code = 503
    message = "the service's credentials are unavailable"
    headers = MappingProxyType({"retry-after": "5"})


class CredentialsDeadlineExceededError(CredentialsUnavailableError):
    """No time was left to call SSM. SSM itself may be available."""


class SignInUnavailableError(HmsError):
    """Tokens of end users cannot be verified because the issuer's keys are unavailable or OIDC is not configured."""

    status_code = 503
    message = "sign-in is unavailable"
    headers = MappingProxyType({"retry-after": "5"})


class StoreUnavailableError(HmsError):
    """The idempotency or attendance table is unavailable. Nothing was sent to 100ms."""

    status_code = 503
    message = "the idempotency store is unavailable"
    headers = MappingProxyType({"retry-after": "5"})


class PublishError(HmsError):
    """EventBridge did not confirm the event."""

    status_code = 503
    message = "the event could not be published"
    headers = MappingProxyType({"retry-after": "1"})


class PublishInProgressError(PublishError):
    """Another request is publishing the same event."""

    message = "the event is being published"


class EventTooLargeError(HmsError):
    """The event is larger than EventBridge accepts."""

    status_code = 413
    message = "the event is too large to publish"


class RateLimitError(HmsError):
    """100ms limits the rate of requests and rejected this one."""

    status_code = 429
    message = "Too many requests"

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait, at most 3,600. None if `Retry-After` is missing, invalid or longer."""
        return parse_retry_after(self.headers.get("retry-after", ""))


class UpstreamServerError(HmsError):
    """100ms responded with a 5xx status, which is the `status_code`."""

    status_code = 503
    message = "100ms failed"


ERRORS_BY_STATUS: Mapping[int, type[HmsError]] = {
    error.status_code: error
    for error in (BadRequestError, UnauthorizedError, ForbiddenError, NotFoundError, RateLimitError)
}


def error_from_response(status_code: int, text: str, headers: Mapping[str, str]) -> HmsError:
    """Return the exception for an error response of 100ms, with its message and details."""
    try:
        body = json.loads(text)
        message, details = str(body.get("message") or ""), body.get("details")
    except Exception:  # noqa: BLE001, the status selects the exception even if the body is unreadable
        message, details = "", None
    error_class = ERRORS_BY_STATUS.get(status_code, UpstreamServerError if status_code >= 500 else HmsError)
    entries = details if isinstance(details, list) else []
    texts = [line if isinstance(line, str) else json.dumps(line) for line in entries]
    error = error_class(message, details=texts, headers=headers)
    error.status_code = status_code
    return error

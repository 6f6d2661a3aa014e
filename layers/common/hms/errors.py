"""What can go wrong, a class per kind of failure, and the one envelope in which it is answered."""

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from hms.retry_after import parse_retry_after

MAX_DETAILS = 20
MAX_DETAIL_BYTES = 256
"""With both, the body of a refusal stays under 16 KiB however its text is escaped."""


class HmsError(Exception):
    """A failure that has an answer.

    Attributes:
        status_code: HTTP status of the answer.
        message: one sentence for the caller; never a secret, a token, an upstream host or a stack trace.
        details: further sentences for the caller, one a field where fields are at fault.
        reason: what the operator needs to know and the caller must not; it is only logged.
        headers: further headers of the answer.
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
        """The body of the answer, in the shape in which 100ms answers its own errors; `details` are bounded."""
        return {"code": self.status_code, "message": self.message, "details": _truncate_details(self.details)}


def _truncate_details(details: Sequence[str]) -> list[str]:
    """At most 20 lines; the last one says how many more there are at least, as a check may stop early."""
    if len(details) <= MAX_DETAILS:
        return [_truncate(detail) for detail in details]
    kept = [_truncate(detail) for detail in details[: MAX_DETAILS - 1]]
    return [*kept, f"... and at least {len(details) - len(kept)} more"]


def _truncate(detail: str) -> str:
    """The detail, which may quote what the caller sent, as printable text of a bounded length."""
    text = (
        detail
        if detail.isprintable()
        else "".join(character if character.isprintable() else "?" for character in detail)
    )
    if len(text.encode()) <= MAX_DETAIL_BYTES:
        return text
    return text.encode()[:MAX_DETAIL_BYTES].decode(errors="ignore") + "..."


class BadRequestError(HmsError):
    """The input is not what the operation takes."""

    status_code = 400
    message = "Bad request"


class UnauthorizedError(HmsError):
    """There is no token, or it is not one that the call takes."""

    status_code = 401
    message = "Token validation error"
    headers = MappingProxyType({"www-authenticate": "Bearer"})


class ForbiddenError(HmsError):
    """The token is valid, but not for this."""

    status_code = 403
    message = "Forbidden"


class NotFoundError(HmsError):
    """There is no such thing, or no such route."""

    status_code = 404
    message = "Not found"


class MethodNotAllowedError(HmsError):
    """The path has a route, but not for this verb."""

    status_code = 405
    message = "Method not allowed"


class NotAcceptableError(HmsError):
    """There is no such thing in a form that the caller takes."""

    status_code = 406
    message = "Not acceptable"


class ConflictError(HmsError):
    """A request with the same idempotency key is under way."""

    status_code = 409
    message = "Conflict"


class IdempotencyKeyAbandonedError(ConflictError):
    """A request with the same idempotency key was begun and never ended; what became of it is unknown."""


class PreconditionFailedError(HmsError):
    """There is such a thing already, and the caller asked not to overwrite it."""

    status_code = 412
    message = "Precondition failed"


class IdempotencyKeyReusedError(HmsError):
    """The idempotency key was used with another request."""

    status_code = 422
    message = "Idempotency key reused"


class PayloadTooLargeError(HmsError):
    """The body is larger than is taken."""

    status_code = 413
    message = "Payload too large"


class UnsupportedMediaTypeError(HmsError):
    """The body is not declared as JSON."""

    status_code = 415
    message = "Unsupported media type"


class UpstreamUnreachableError(HmsError):
    """The request provably never arrived at 100ms."""

    status_code = 502
    message = "100ms could not be reached"


class UpstreamConnectionError(HmsError):
    """The request may have arrived; the connection broke before a whole answer came."""

    status_code = 502
    message = "the connection to 100ms broke before it answered"


class InvalidUpstreamResponseError(HmsError):
    """100ms answered with something that can't be passed on: not JSON, or too large."""

    status_code = 502
    message = "100ms gave an answer that can't be passed on"


class ResponseTooLargeError(HmsError):
    """The answer is larger than Lambda can send."""

    status_code = 502
    message = "the answer is too large to be sent"


class UpstreamTimeoutError(HmsError):
    """The request may have arrived; no whole answer came in time."""

    status_code = 504
    message = "100ms did not answer in time"


class DeadlineExceededError(UpstreamTimeoutError):
    """No time was left to send the request."""


class CredentialsUnavailableError(HmsError):
    """The app's key or secret can't be read from SSM."""

    status_code = 503
    message = "the service's credentials are unavailable"
    headers = MappingProxyType({"retry-after": "5"})


class CredentialsDeadlineExceededError(CredentialsUnavailableError):
    """No time was left to read them; that says nothing of SSM."""


class SignInUnavailableError(HmsError):
    """Tokens of end users can't be checked: the issuer gives no keys, or is not set up."""

    status_code = 503
    message = "sign-in is unavailable"
    headers = MappingProxyType({"retry-after": "5"})


class StoreUnavailableError(HmsError):
    """DynamoDB failed: where idempotency keys are kept, before anything was sent; or where attendance is."""

    status_code = 503
    message = "the idempotency store is unavailable"
    headers = MappingProxyType({"retry-after": "5"})


class PublishError(HmsError):
    """EventBridge did not confirm that it has the event."""

    status_code = 503
    message = "the event could not be published"
    headers = MappingProxyType({"retry-after": "1"})


class PublishInProgressError(PublishError):
    """The same event is being published right now."""

    message = "the event is being published"


class EventTooLargeError(HmsError):
    """The event is larger than EventBridge takes."""

    status_code = 413
    message = "the event is too large to be published"


class RateLimitError(HmsError):
    """100ms takes no more requests for now.

    Attributes:
        retry_after: seconds to wait, at most 3,600; None if 100ms names no such time.
    """

    status_code = 429
    message = "Too many requests"

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait, at most 3,600; None if 100ms names no such time."""
        return parse_retry_after(self.headers.get("retry-after", ""))


class UpstreamServerError(HmsError):
    """100ms answered that it failed; `status` says how."""

    status_code = 503
    message = "100ms failed"


ERRORS_BY_STATUS: Mapping[int, type[HmsError]] = {
    error.status_code: error
    for error in (BadRequestError, UnauthorizedError, ForbiddenError, NotFoundError, RateLimitError)
}


def error_from_response(status_code: int, text: str, headers: Mapping[str, str]) -> HmsError:
    """An error that 100ms answered, as an exception of its kind with what 100ms says of it."""
    try:
        body = json.loads(text)
        message, details = str(body.get("message") or ""), body.get("details")
    except Exception:  # noqa: BLE001, whatever the body is, the status says the kind
        message, details = "", None
    error_class = ERRORS_BY_STATUS.get(status_code, UpstreamServerError if status_code >= 500 else HmsError)
    entries = details if isinstance(details, list) else []
    texts = [line if isinstance(line, str) else json.dumps(line) for line in entries]
    error = error_class(message, details=texts, headers=headers)
    error.status_code = status_code
    return error

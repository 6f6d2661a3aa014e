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
        status: HTTP status of the answer.
        message: one sentence for the caller; never a secret, a token, an upstream host or a stack trace.
        details: further sentences for the caller, one a field where fields are at fault.
        reason: what the operator needs to know and the caller must not; it is only logged.
        headers: further headers of the answer.
    """

    status = 500
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
        return {"code": self.status, "message": self.message, "details": _bounded(self.details)}


def _bounded(details: Sequence[str]) -> list[str]:
    """At most 20 lines; the last one says how many more there are at least, as a check may stop early."""
    if len(details) <= MAX_DETAILS:
        return [_shortened(detail) for detail in details]
    shown = [_shortened(detail) for detail in details[: MAX_DETAILS - 1]]
    return [*shown, f"... and at least {len(details) - len(shown)} more"]


def _shortened(detail: str) -> str:
    """The detail, which may quote what the caller sent, as printable text of a bounded length."""
    text = detail if detail.isprintable() else "".join(each if each.isprintable() else "?" for each in detail)
    if len(text.encode()) <= MAX_DETAIL_BYTES:
        return text
    return text.encode()[:MAX_DETAIL_BYTES].decode(errors="ignore") + "..."


class BadRequest(HmsError):
    """The input is not what the operation takes."""

    status = 400
    message = "Bad request"


class Unauthorized(HmsError):
    """There is no token, or it is not one that the call takes."""

    status = 401
    message = "Token validation error"
    headers = MappingProxyType({"www-authenticate": "Bearer"})


class Forbidden(HmsError):
    """The token is valid, but not for this."""

    status = 403
    message = "Forbidden"


class NotFound(HmsError):
    """There is no such thing, or no such route."""

    status = 404
    message = "Not found"


class MethodNotAllowed(HmsError):
    """The path has a route, but not for this verb."""

    status = 405
    message = "Method not allowed"


class NotAcceptable(HmsError):
    """There is no such thing in a form that the caller takes."""

    status = 406
    message = "Not acceptable"


class Conflict(HmsError):
    """A request with the same idempotency key is under way."""

    status = 409
    message = "Conflict"


class Abandoned(Conflict):
    """A request with the same idempotency key was begun and never ended; what became of it is unknown."""


class PreconditionFailed(HmsError):
    """There is such a thing already, and the caller asked not to overwrite it."""

    status = 412
    message = "Precondition failed"


class KeyReused(HmsError):
    """The idempotency key was used with another request."""

    status = 422
    message = "Idempotency key reused"


class PayloadTooLarge(HmsError):
    """The body is larger than is taken."""

    status = 413
    message = "Payload too large"


class UnsupportedMediaType(HmsError):
    """The body is not declared as JSON."""

    status = 415
    message = "Unsupported media type"


class UpstreamUnreachable(HmsError):
    """The request provably never arrived at 100ms."""

    status = 502
    message = "100ms could not be reached"


class UpstreamBroken(HmsError):
    """The request may have arrived; the connection broke before a whole answer came."""

    status = 502
    message = "the connection to 100ms broke before it answered"


class UpstreamUnreadable(HmsError):
    """100ms answered with something that can't be passed on: not JSON, or too large."""

    status = 502
    message = "100ms gave an answer that can't be passed on"


class ResponseTooLarge(HmsError):
    """The answer is larger than Lambda can send."""

    status = 502
    message = "the answer is too large to be sent"


class UpstreamTimeout(HmsError):
    """The request may have arrived; no whole answer came in time."""

    status = 504
    message = "100ms did not answer in time"


class OutOfTime(UpstreamTimeout):
    """No time was left to send the request."""


class CredentialsUnavailable(HmsError):
    """The app's key or secret can't be read from SSM."""

    status = 503
    message = "the service's credentials are unavailable"
    headers = MappingProxyType({"retry-after": "5"})


class NoTimeForCredentials(CredentialsUnavailable):
    """No time was left to read them; that says nothing of SSM."""


class SignInUnavailable(HmsError):
    """Tokens of end users can't be checked: the issuer gives no keys, or is not set up."""

    status = 503
    message = "sign-in is unavailable"
    headers = MappingProxyType({"retry-after": "5"})


class StoreUnavailable(HmsError):
    """DynamoDB failed: where idempotency keys are kept, before anything was sent; or where attendance is."""

    status = 503
    message = "the idempotency store is unavailable"
    headers = MappingProxyType({"retry-after": "5"})


class PublishFailed(HmsError):
    """EventBridge did not confirm that it has the event."""

    status = 503
    message = "the event could not be published"
    headers = MappingProxyType({"retry-after": "1"})


class PublishInProgress(PublishFailed):
    """The same event is being published right now."""

    message = "the event is being published"


class EntryTooLarge(HmsError):
    """The event is larger than EventBridge takes."""

    status = 413
    message = "the event is too large to be published"


class RateLimited(HmsError):
    """100ms takes no more requests for now.

    Attributes:
        retry_after: seconds to wait, at most 3,600; None if 100ms names no such time.
    """

    status = 429
    message = "Too many requests"

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait, at most 3,600; None if 100ms names no such time."""
        return parse_retry_after(self.headers.get("retry-after", ""))


class Unavailable(HmsError):
    """100ms answered that it failed; `status` says how."""

    status = 503
    message = "100ms failed"


BY_STATUS: Mapping[int, type[HmsError]] = {
    error.status: error for error in (BadRequest, Unauthorized, Forbidden, NotFound, RateLimited)
}


def error_of(status: int, text: str, headers: Mapping[str, str]) -> HmsError:
    """An error that 100ms answered, as an exception of its kind with what 100ms says of it."""
    try:
        body = json.loads(text)
        message, details = str(body.get("message") or ""), body.get("details")
    except Exception:  # noqa: BLE001, whatever the body is, the status says the kind
        message, details = "", None
    kind = BY_STATUS.get(status, Unavailable if status >= 500 else HmsError)
    lines = details if isinstance(details, list) else []
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    error = kind(message, details=texts, headers=headers)
    error.status = status
    return error

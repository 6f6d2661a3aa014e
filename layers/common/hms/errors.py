"""What can go wrong, a class per kind of failure, and the one envelope in which it is answered."""

from collections.abc import Mapping, Sequence
from typing import Any


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
        self.headers = dict(headers or {})
        super().__init__(self.message)

    def envelope(self) -> dict[str, Any]:
        """The body of the answer, in the shape in which 100ms answers its own errors."""
        return {"code": self.status, "message": self.message, "details": self.details}


class BadRequest(HmsError):
    """The input is not what the operation takes."""

    status = 400
    message = "Bad request"


class Unauthorized(HmsError):
    """There is no token, or it is not one that the call takes."""

    status = 401
    message = "Token validation error"

    def __init__(self, detail: str) -> None:
        super().__init__(details=[detail], headers={"www-authenticate": "Bearer"})


class NotFound(HmsError):
    """No route has this path."""

    status = 404
    message = "Not found"


class MethodNotAllowed(HmsError):
    """The path has a route, but not for this verb."""

    status = 405
    message = "Method not allowed"


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


class UpstreamTimeout(HmsError):
    """The request may have arrived; no whole answer came in time."""

    status = 504
    message = "100ms did not answer in time"


class CredentialsUnavailable(HmsError):
    """The app's key or secret can't be read from SSM."""

    status = 503
    message = "the service's credentials are unavailable"

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason, headers={"retry-after": "5"})

"""Define the errors of the API, and their envelope."""

from collections.abc import Sequence
from typing import Any


class ApiError(Exception):
    """An error response; `status` is its HTTP status."""

    status = 500

    def __init__(self, message: str, details: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.details = details


class BadRequest(ApiError):
    """The body or the query breaks a documented rule."""

    status = 400


class InvalidJson(BadRequest):
    """The body is not JSON.

    Attributes:
        position: number of bytes up to the error, as Go counts them; None if unknown.
    """

    def __init__(self, position: int | None) -> None:
        super().__init__("Invalid JSON", ["the body is not valid JSON"])
        self.position = position


class Unauthorized(ApiError):
    """The token is missing or invalid."""

    status = 401


class Forbidden(ApiError):
    """The current state does not allow the call."""

    status = 403


class NotFound(ApiError):
    """The resource does not exist."""

    status = 404


class Conflict(ApiError):
    """The resource is already in use."""

    status = 409


class Gone(ApiError):
    """The resource existed, and no longer does."""

    status = 410


class RequestTimeout(ApiError):
    """No response arrived in time."""

    status = 408


def invalid_body(*details: str) -> BadRequest:
    """Return the error for a body with invalid members, worded as on the create-room page."""
    return BadRequest("Invalid body param", details)


def invalid_query(name: str) -> BadRequest:
    """Return the error for an invalid query parameter, worded as on the list-room-codes page."""
    return BadRequest("Invalid query parameter", [f"Invalid query parameter: {name}"])


def envelope(status: int, message: str, details: Sequence[str] = ()) -> dict[str, Any]:
    """Return the body of an error response."""
    error: dict[str, Any] = {"code": status, "message": message}
    return error | {"details": list(details)} if details else error

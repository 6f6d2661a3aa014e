"""What 100ms refuses, and the one envelope it says so in."""

from collections.abc import Sequence
from typing import Any


class ApiError(Exception):
    """An answer other than success; `status` is its HTTP status."""

    status = 500

    def __init__(self, message: str, details: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.details = details


class BadRequest(ApiError):
    """A body or a query that breaks the documented rules."""

    status = 400


class Unauthorized(ApiError):
    """No valid token."""

    status = 401


class Forbidden(ApiError):
    """Not allowed in the state things are in."""

    status = 403


class NotFound(ApiError):
    """No such thing."""

    status = 404


class RequestTimeout(ApiError):
    """Nobody answered in time."""

    status = 408


def invalid_body(*details: str) -> BadRequest:
    """The answer to a body with wrong members, in the words of the create-room page."""
    return BadRequest("Invalid body param", details)


def invalid_query(name: str) -> BadRequest:
    """The answer to a query parameter that cannot be read, in the words of the list-room-codes page."""
    return BadRequest("Invalid query parameter", [f"Invalid query parameter: {name}"])


def envelope(status: int, message: str, details: Sequence[str] = ()) -> dict[str, Any]:
    """The error envelope of every answer that is not a success."""
    error: dict[str, Any] = {"code": status, "message": message}
    return error | {"details": list(details)} if details else error

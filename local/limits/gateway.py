"""API Gateway's request limits, and the responses of an HTTP API when it has no response of the function."""

import json

from flask import Request, Response

from local.limits.table import API_HEADERS, API_PAYLOAD


class GatewayLimitError(Exception):
    """API Gateway responds instead of the function.

    Args:
        status: HTTP status of the response.
        message: message in the response body.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self._status = status

    def response(self) -> Response:
        """Return the HTTP response for the caller."""
        return Response(json.dumps({"message": str(self)}), self._status, content_type="application/json")


def check(request: Request) -> None:
    """Raise GatewayLimitError if the request exceeds a limit of API Gateway."""
    if _head_size(request) > API_HEADERS.value:
        raise GatewayLimitError(431, "Request Header Fields Too Large")
    if len(request.get_data()) > API_PAYLOAD.value:
        raise payload_too_large()


def payload_too_large() -> GatewayLimitError:
    """Return the error for a body that exceeds the limit of API Gateway or Lambda."""
    return GatewayLimitError(413, "Request Entity Too Large")


def integration_timeout() -> GatewayLimitError:
    """Return the error for a function that exceeds API Gateway's timeout."""
    return GatewayLimitError(503, "Service Unavailable")


def _head_size(request: Request) -> int:
    line = f"{request.method} {request.environ['REQUEST_URI']} {request.environ['SERVER_PROTOCOL']}"
    return len(line.encode("latin-1")) + sum(len(value.encode("latin-1")) for value in request.headers.values())

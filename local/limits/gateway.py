"""API Gateway's limits on a request, and what an HTTP API answers where it has no answer of the function."""

import json

from flask import Request, Response

from local.limits.table import API_HEADERS, API_PAYLOAD


class GatewayLimitError(Exception):
    """API Gateway answers itself.

    Args:
        status: the response's status.
        message: its text.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self._status = status

    def response(self) -> Response:
        """What the caller gets."""
        return Response(json.dumps({"message": str(self)}), self._status, content_type="application/json")


def check(request: Request) -> None:
    """Raise GatewayLimitError if API Gateway does not pass the request on."""
    if _head_size(request) > API_HEADERS.value:
        raise GatewayLimitError(431, "Request Header Fields Too Large")
    if len(request.get_data()) > API_PAYLOAD.value:
        raise payload_too_large()


def payload_too_large() -> GatewayLimitError:
    """The refusal of a body that API Gateway or Lambda does not accept."""
    return GatewayLimitError(413, "Request Entity Too Large")


def integration_timeout() -> GatewayLimitError:
    """The refusal where the function takes too long."""
    return GatewayLimitError(503, "Service Unavailable")


def _head_size(request: Request) -> int:
    line = f"{request.method} {request.environ['REQUEST_URI']} {request.environ['SERVER_PROTOCOL']}"
    return len(line.encode("latin-1")) + sum(len(value.encode("latin-1")) for value in request.headers.values())

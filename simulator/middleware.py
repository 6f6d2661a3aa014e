"""Handle each call to 100ms before its route: log it, answer a preflight, apply a fault, check its token."""

import socket
import time
from http import HTTPStatus

from flask import Response, g, json, request

from simulator.errors import Forbidden, Unauthorized, envelope
from simulator.faults import Fault, FaultResponse, Faults
from simulator.request_log import LoggedRequest, RequestLog
from simulator.tokens import Tokens, TokenType

CONTROL_PREFIX = "/_simulator"
RETRY_AFTER_SECONDS = 45
API_PREFIX = "/v2"
WEBHOOKS_PREFIX = "/v2/analytics/webhooks"
RAW_PATH = "simulator.raw_path"
CORS_METHODS = "GET, POST, PUT, PATCH, DELETE"

# Calls that do not need a management token.
_TOKEN_TYPES: dict[tuple[str, str], TokenType | None] = {
    ("POST", "/v2/token"): None,
    ("POST", "/v2/sip/dtmf"): "app",
    ("GET", "/v2/layouts/ui"): "app",
    ("GET", "/v2/diagnostics/token"): None,
}


class RequestMiddleware:
    """Logs the calls to 100ms, applies faults and checks tokens. Calls to the control API pass unchanged."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self.log = RequestLog()
        self.faults = Faults()

    def handle_request(self) -> Response | None:
        """Handle the current request. Returns the response to a preflight or of a fault, or None for the route's.

        Raises Unauthorized if the token is missing or invalid, Forbidden for an invalid one of some calls.
        """
        if _has_prefix(CONTROL_PREFIX, request.path):
            return None
        path = request.environ[RAW_PATH]
        self.log.add(_to_logged_request(path))
        if _is_preflight():
            return Response(status=HTTPStatus.NO_CONTENT)
        fault = self.faults.take(request.method, path)
        response = _apply_fault(fault) if fault else None
        if response is None and _has_prefix(API_PREFIX, request.path):
            self._check_token()
        return response

    def _check_token(self) -> None:
        token_type = _TOKEN_TYPES.get((request.method, request.path.rstrip("/")), "management")
        if token_type is None:
            return
        authorization = request.headers.get("Authorization")
        try:
            g.claims = self._tokens.check(authorization, token_type)
        except Unauthorized:
            # [tokens.webhook-calls] the pages document 403 for an invalid token, and no response without one.
            if authorization and _has_prefix(WEBHOOKS_PREFIX, request.path):
                raise Forbidden("insufficient permissions") from None
            raise


def add_cors_headers(response: Response) -> Response:
    """Add the CORS headers of 100ms to the response of a call to it."""
    if not _has_prefix(API_PREFIX, request.path):
        return response
    response.headers.add("Vary", "Origin")  # [cors.vary] recorded
    origin = request.headers.get("Origin")
    if origin is not None:
        # Browser apps call 100ms. [cors.preflight] every origin, method and header is allowed.
        response.headers["Access-Control-Allow-Origin"] = origin
        if _is_preflight():
            response.headers["Access-Control-Allow-Methods"] = CORS_METHODS
            response.headers["Access-Control-Allow-Headers"] = request.headers.get("Access-Control-Request-Headers", "")
    return response


def _is_preflight() -> bool:
    return (
        request.method == "OPTIONS"
        and _has_prefix(API_PREFIX, request.path)
        and {"Origin", "Access-Control-Request-Method"} <= {name for name, _ in request.headers}
    )


def _has_prefix(prefix: str, path: str) -> bool:
    return path == prefix or path.startswith(prefix + "/")


def _to_logged_request(path: str) -> LoggedRequest:
    return LoggedRequest(
        method=request.method,
        path=path,
        query=request.environ["QUERY_STRING"],
        headers={name.lower(): value for name, value in request.headers},
        body=request.get_data().decode("utf-8", errors="replace"),
    )


def _apply_fault(fault: Fault) -> Response | None:
    time.sleep(fault.delay_ms / 1000)
    if fault.close:
        request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        return Response()
    return None if fault.response is None else _build_response(fault.response)


def _build_response(fault_response: FaultResponse) -> Response:
    headers = _default_headers(fault_response.status) | {
        name.lower(): value for name, value in fault_response.headers.items()
    }
    if isinstance(fault_response.body, str):
        response = Response(fault_response.body, fault_response.status, mimetype="text/html")
    else:
        body = _default_body(fault_response.status, headers) if fault_response.body is None else fault_response.body
        response = Response(json.dumps(body), fault_response.status, mimetype="application/json")
    for name, value in headers.items():
        response.headers[name] = value
    return response


def _default_headers(status: int) -> dict[str, str]:
    return {"retry-after": str(RETRY_AFTER_SECONDS)} if status == HTTPStatus.TOO_MANY_REQUESTS else {}


def _default_body(status: int, headers: dict[str, str]) -> dict[str, object]:
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return envelope(status, f"rate limit exceeded, retry after {headers['retry-after']} seconds")
    known = status in HTTPStatus._value2member_map_
    return envelope(status, HTTPStatus(status).phrase if known else "Error")

"""What every call to 100ms goes through before its operation: the request log, ordered faults, the token check."""

import socket
import time
from http import HTTPStatus

from flask import Response, g, json, request

from simulator.errors import envelope
from simulator.faults import Answer, Fault, Faults
from simulator.requestlog import LoggedRequest, RequestLog
from simulator.tokens import Kind, Tokens

CONTROL_PREFIX = "/_simulator"
RETRY_AFTER_SECONDS = 45
API_PREFIX = "/v2"
WIRE_PATH = "simulator.wire_path"

# The calls that do not take a management token.
_OTHER_TOKENS: dict[tuple[str, str], Kind | None] = {
    ("POST", "/v2/token"): None,
    ("POST", "/v2/sip/dtmf"): "app",
}


class Intake:
    """Receives the calls to 100ms; the control API's own are let through unseen."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self.log = RequestLog()
        self.faults = Faults()

    def receive(self) -> Response | None:
        """Log the current request; returns the answer of a fault, None where the operation is to answer.

        Raises Unauthorized where the call's token does not pass.
        """
        if _is_under(CONTROL_PREFIX, request.path):
            return None
        path = request.environ[WIRE_PATH]
        self.log.add(_logged(path))
        fault = self.faults.take(request.method, path)
        answer = _perform(fault) if fault else None
        if answer is None and _is_under(API_PREFIX, request.path):
            self._check_token()
        return answer

    def _check_token(self) -> None:
        kind = _OTHER_TOKENS.get((request.method, request.path.rstrip("/")), "management")
        if kind is not None:
            g.claims = self._tokens.check(request.headers.get("Authorization"), kind)


def _is_under(prefix: str, path: str) -> bool:
    return path == prefix or path.startswith(prefix + "/")


def _logged(path: str) -> LoggedRequest:
    return LoggedRequest(
        method=request.method,
        path=path,
        query=request.environ["QUERY_STRING"],
        headers={name.lower(): value for name, value in request.headers},
        body=request.get_data().decode("utf-8", errors="replace"),
    )


def _perform(fault: Fault) -> Response | None:
    time.sleep(fault.delay_ms / 1000)
    if fault.close:
        request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        return Response()
    return None if fault.answer is None else _response(fault.answer)


def _response(answer: Answer) -> Response:
    if isinstance(answer.body, str):
        response = Response(answer.body, answer.status, mimetype="text/html")
    else:
        shown = _phrase(answer.status) if answer.body is None else answer.body
        response = Response(json.dumps(shown), answer.status, mimetype="application/json")
    for name, value in {**_usual_headers(answer.status), **answer.headers}.items():
        response.headers[name] = value
    return response


def _usual_headers(status: int) -> dict[str, str]:
    return {"retry-after": str(RETRY_AFTER_SECONDS)} if status == HTTPStatus.TOO_MANY_REQUESTS else {}


def _phrase(status: int) -> dict[str, object]:
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return envelope(status, f"rate limit exceeded, retry after {RETRY_AFTER_SECONDS} seconds")
    known = status in HTTPStatus._value2member_map_
    return envelope(status, HTTPStatus(status).phrase if known else "Error")

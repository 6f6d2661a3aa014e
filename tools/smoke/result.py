"""Makes the calls of a check and judges the responses."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import requests

from tools.contract_drift.difference import Difference, compare_json
from tools.contract_drift.schemas import api_document
from tools.smoke.calls import UNKNOWN_PATH, Call

TIMEOUT_SECONDS = 35
ENVELOPE = {"code", "message", "details"}

Sign = Callable[[requests.PreparedRequest], requests.PreparedRequest]


@dataclass(frozen=True, slots=True)
class CallResult:
    """The result of a call. It shows only the status of the response, not its content.

    Attributes:
        call: the call.
        status: HTTP status; None if there was no response.
        milliseconds: time until the response was read.
        verdict: `ok`, or the reason of the failure.
        differences: differences from the documented schema; None if the response has no schema.
    """

    call: Call
    status: int | None
    milliseconds: float
    verdict: str
    differences: frozenset[Difference] | None = None

    @property
    def has_failed(self) -> bool:
        """True if the call was made and its verdict is not `ok`."""
        return not self.call.missing and self.verdict != "ok"

    def __str__(self) -> str:
        duration = "-" if self.call.missing else f"{self.milliseconds:.0f}"
        return f"{self.call.name:<66} {self.status or '-':>6} {duration:>7}  {self.verdict}"


class SmokeClient:
    """Makes the calls of a check.

    Args:
        api: base URL of the API.
        token: management token.
    """

    def __init__(self, api: str, token: str) -> None:
        self._api = api.rstrip("/")
        self._token = token
        self._session = requests.Session()
        self._unknown_route_body: dict[str, Any] = {}

    def run(self, call: Call) -> tuple[CallResult, dict[str, Any]]:
        """Make a call. Returns its result and the response body; the body is empty if the call fails."""
        if call.missing:
            return CallResult(call, None, 0, f"skipped: no list returned a {call.missing[0]}"), {}
        started_at = time.perf_counter()
        try:
            response = self._session.get(
                f"{self._api}{call.path}",
                params=call.query,
                auth=self._signed if call.is_signed else _unsigned,
                timeout=TIMEOUT_SECONDS,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            return CallResult(call, None, _elapsed_ms(started_at), f"not reachable: {type(error).__name__}"), {}
        body = _read_json_object(response)
        if call.path == UNKNOWN_PATH:
            self._unknown_route_body = body
        duration, verdict = _elapsed_ms(started_at), self._verdict(call, response, body)
        result = CallResult(call, response.status_code, duration, verdict, _differences(call, response))
        return result, body if response.ok else {}

    def _verdict(self, call: Call, response: requests.Response, body: dict[str, Any]) -> str:
        request = f", request ID {response.headers.get('x-request-id', 'missing')}"
        if response.status_code not in call.expected:
            return f"expected {' or '.join(map(str, call.expected))}{request}"
        if call.is_service_error and not (body.keys() == ENVELOPE and body["code"] == response.status_code):
            return f"expected an error with code, message and details{request}"
        if call.path != UNKNOWN_PATH and response.status_code == 404 and body == self._unknown_route_body:
            return f"expected the route to exist{request}"
        return "ok"

    def _signed(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["authorization"] = f"Bearer {self._token}"
        return request


def _unsigned(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Return the request unchanged. Without this, `requests` would add a password from ~/.netrc."""
    return request


def _differences(call: Call, response: requests.Response) -> frozenset[Difference] | None:
    schema = api_document().response("GET", call.route, response.status_code)
    return None if schema is None else compare_json(schema, response.content)


def _elapsed_ms(started_at: float) -> float:
    return (time.perf_counter() - started_at) * 1000


def _read_json_object(response: requests.Response) -> dict[str, Any]:
    try:
        body = json.loads(response.content)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}

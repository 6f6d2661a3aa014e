"""Every public route, at / and at /v2, over HTTP: the request to 100ms, and the response to the caller."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import requests

from hms.tokens import sign_app_token
from tests.http_api import APP_TOKEN_OPERATIONS, Route, contract_routes
from tests.integration.stack import Stack
from tests.support.contract import OBJECT_ID, SAMPLES, filled, operations

ROUTES = contract_routes()
OWN = {"createAppToken", "health"}
PUBLIC = {"health", "exchangeRoomCodeForToken"}
ANSWER = '{"size": 1.10,  "name": "n\u00f6", "none": null, "page": [1, 2]}'
SESSION_PAGE = {
    "last": "c",
    "limit": 10,
    "responses": [{"id": "a", "session_id": OBJECT_ID}, {"id": "b", "session_id": "another"}],
    "results": [{"id": "a", "session_id": OBJECT_ID}, {"id": "b", "session_id": "another"}],
}


@dataclass(frozen=True)
class Expected:
    """The expected request to 100ms."""

    method: str
    path: str
    query: str
    body: Any


def expected(route: Route) -> Expected:
    operation = operations()[route.operation]
    body = operation.body
    if route.operation == "exchangeRoomCodeForToken":
        body = {"code": SAMPLES["code"]}
    if route.path.endswith(("/enable", "/disable")) and route.section == "rooms":
        body = {"enabled": route.path.endswith("/enable")}
    return Expected(
        operation.method, quote(f"/v2{operation.filled()}"), urlencode(operation.query, quote_via=quote), body
    )


def sends_no_body(route: Route) -> bool:
    return route.operation == "exchangeRoomCodeForToken" or route.path.endswith(("/enable", "/disable"))


def call(stack: Stack, route: Route, prefix: str, token: str | None) -> requests.Response:
    operation = operations()[route.operation]
    return requests.request(
        route.method,
        stack.api + prefix + quote(filled(route.path)),
        params=urlencode(operation.query, quote_via=quote) if operation.query else None,
        json=None if sends_no_body(route) else operation.body,
        headers={"Authorization": f"Bearer {token}"} if token else {},
        timeout=30,
    )


def token_for(stack: Stack, route: Route) -> str | None:
    if route.operation in PUBLIC:
        return None
    if route.operation in APP_TOKEN_OPERATIONS:
        return sign_app_token(stack.access_key, stack.secret, room_id=OBJECT_ID, role="host", user_id="user")
    return stack.token


def received(stack: Stack) -> list[dict[str, Any]]:
    logged: list[dict[str, Any]] = requests.get(f"{stack.simulator}/_simulator/requests", timeout=10).json()["requests"]
    return logged


def make_the_next_answer(stack: Stack, **fault: object) -> None:
    requests.post(f"{stack.simulator}/_simulator/faults", json=fault, timeout=10).raise_for_status()


def name(route: Route) -> str:
    return f"{route.method} {route.path}"


UPSTREAM_ROUTES = [route for route in ROUTES if route.operation not in OWN]


def test_there_are_a_hundred_routes() -> None:
    assert len(ROUTES) == 100


@pytest.mark.parametrize("prefix", ["", "/v2"])
@pytest.mark.parametrize("route", UPSTREAM_ROUTES, ids=name)
def test_a_route_sends_the_documented_request_and_hands_the_answer_back(
    stack: Stack, route: Route, prefix: str
) -> None:
    is_session_page = "/sessions/{session_id}/" in route.path and route.path.endswith(("responses", "results"))
    text = json.dumps(SESSION_PAGE) if is_session_page else ANSWER
    make_the_next_answer(stack, status=200, body=text, headers={"content-type": "application/json"})

    answer = call(stack, route, prefix, token_for(stack, route))

    (request,) = received(stack)
    want = expected(route)
    assert (request["method"], request["path"], request["query"]) == (want.method, want.path, want.query)
    assert (json.loads(request["body"]) if request["body"] else None) == want.body
    assert answer.status_code == 200, answer.text
    if is_session_page:
        key = route.path.rsplit("/", 1)[1]
        assert answer.json()[key] == [{"id": "a", "session_id": OBJECT_ID}]
        assert answer.json()["last"] == "c"
    else:
        assert answer.text == ANSWER
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-request-id"]


@pytest.mark.parametrize("route", UPSTREAM_ROUTES, ids=name)
def test_a_route_hands_an_error_back(stack: Stack, route: Route) -> None:
    error = {"code": 418, "message": "no such thing", "details": ["x"]}
    make_the_next_answer(stack, status=418, body=error)
    answer = call(stack, route, "", token_for(stack, route))
    assert (answer.status_code, answer.json()) == (418, error)


@pytest.mark.parametrize("prefix", ["", "/v2"])
@pytest.mark.parametrize("route", [route for route in ROUTES if route.operation not in PUBLIC], ids=name)
def test_a_route_refuses_a_call_without_a_token(stack: Stack, route: Route, prefix: str) -> None:
    if route.operation == "createAppToken":
        answer = requests.post(f"{stack.api}{prefix}/token", json={}, timeout=30)
    else:
        answer = call(stack, route, prefix, token=None)
    assert answer.status_code == 401
    assert answer.json()["code"] == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert received(stack) == []


@pytest.mark.parametrize("route", [route for route in UPSTREAM_ROUTES if route.operation not in PUBLIC], ids=name)
def test_a_route_refuses_a_token_of_the_other_kind(stack: Stack, route: Route) -> None:
    app = sign_app_token(stack.access_key, stack.secret, room_id=OBJECT_ID, role="host", user_id="user")
    token = stack.token if route.operation in APP_TOKEN_OPERATIONS else app
    answer = call(stack, route, "", token)
    assert answer.status_code == 401
    assert received(stack) == []


@pytest.mark.parametrize("prefix", ["", "/v2"])
def test_health_needs_no_token_and_makes_no_call(stack: Stack, prefix: str) -> None:
    answer = requests.get(f"{stack.api}{prefix}/", timeout=30)
    assert answer.status_code == 200
    assert set(answer.json()) == {"message", "version"}
    assert received(stack) == []


@pytest.mark.parametrize("operation", sorted(APP_TOKEN_OPERATIONS))
def test_a_route_passes_the_callers_app_token_on(stack: Stack, operation: str) -> None:
    (route,) = [route for route in ROUTES if route.operation == operation]
    token = token_for(stack, route)
    call(stack, route, "", token)
    assert received(stack)[0]["headers"]["authorization"] == f"Bearer {token}"


def test_the_code_exchange_names_the_user_and_carries_no_management_token(stack: Stack) -> None:
    requests.post(f"{stack.api}/room-codes/code/abc-defg-hij", json={"user_id": "u"}, timeout=30)
    (request,) = received(stack)
    assert json.loads(request["body"]) == {"user_id": "u", "code": "abc-defg-hij"}
    assert "authorization" not in request["headers"]

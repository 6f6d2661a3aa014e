"""Every file in events/ through its function's handler, as `sam local invoke` sends it."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import requests

from hms.tokens import sign_app_token
from tests.http_api import ROOT, all_routes, route_of, section_events
from tests.integration.stack import Stack
from tests.integration.test_routes import received
from tests.support.aws import functions_environment
from tests.support.functions import load
from tests.support.issuer import AUDIENCE, LocalIssuer, running_issuer
from tests.support.lambda_context import Context

EVENTS = section_events()
ANSWER = '{"handed": "back"}'
OWN_STATUS = {"createAppToken": 201, "createOidcAppToken": 201, "health": 200, "retrieveAttendance": 200}
EXCHANGE = ("tokens", "POST", "/v2/token")
"""The rule of `POST /token`, for requests without a token under `/v2`."""
OWN_STATUS |= dict.fromkeys(["retrieveDocument", "showPage", "retrieveAsset"], 200)


@pytest.fixture(scope="module", autouse=True)
def issuer(running_stack: Stack) -> Iterator[LocalIssuer]:
    with running_issuer() as issuer, functions_environment(running_stack) as patch:
        patch.setenv("HMS_OIDC_ISSUER", issuer.url)
        patch.setenv("HMS_OIDC_AUDIENCE", AUDIENCE)
        patch.setenv("HMS_OIDC_ROLES", "guest")
        patch.setenv("HMS_OIDC_ROOM_CLAIM", "*")
        function.cache_clear()
        batch = json.loads((ROOT / "events" / "attendance_keeper" / "sqs_batch.json").read_text())
        assert function("attendance_keeper").handler(batch, Context()) == {"batchItemFailures": []}
        yield issuer


@cache
def function(folder: str) -> ModuleType:
    return load(folder)


def read(file: Path, stack: Stack, issuer: LocalIssuer) -> dict[str, Any]:
    app = sign_app_token(stack.access_key, stack.secret, room_id="r", role="host", user_id="u")
    tokens = {"MANAGEMENT_TOKEN": stack.token, "APP_TOKEN": app, "OIDC_TOKEN": issuer.token()}
    text = re.sub("|".join(tokens), lambda match: tokens[match[0]], file.read_text())
    event: dict[str, Any] = json.loads(text)
    return event


@pytest.mark.parametrize("file", EVENTS, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_an_event_is_answered_by_its_function(stack: Stack, issuer: LocalIssuer, file: Path) -> None:
    event = read(file, stack, issuer)
    route = route_of(event, file.parent.name)
    fault = {"body": ANSWER, "status": 200, "headers": {"content-type": "application/json"}}
    requests.post(f"{stack.simulator}/_simulator/faults", json=fault, timeout=10).raise_for_status()

    answer = function(file.parent.name).handler(event, Context())

    assert answer["statusCode"] == OWN_STATUS.get(route.operation, 200), answer
    assert answer["headers"]["x-request-id"] == event["requestContext"]["requestId"]
    if route.operation in OWN_STATUS:
        assert received(stack) == []
    else:
        assert len(received(stack)) == 1


def test_every_route_is_in_its_functions_router_and_no_other() -> None:
    declared = {(route.folder, route.method, route.path) for route in all_routes()}
    routed = {
        (folder, method, rule.replace("<", "{").replace(">", "}"))
        for folder in {route.folder for route in all_routes()}
        for rule, methods in function(folder).router.routes.items()
        for method in methods
    }
    assert routed == declared - {EXCHANGE}
    assert {f"{route.method} {route.rule}" for route in function("tokens").router.conditional_routes} == {"POST /token"}


def test_the_public_routes_are_these_and_no_others() -> None:
    asks = {
        (method, rule): route.auth_scheme.name
        for folder in {route.folder for route in all_routes()}
        for rule, methods in function(folder).router.routes.items()
        for method, route in methods.items()
    }
    (exchange,) = function("tokens").router.conditional_routes
    assert exchange.auth_scheme.name == "PUBLIC"
    assert {route for route, access in asks.items() if access == "PUBLIC"} == {
        ("GET", "/"),
        ("GET", "/openapi.json"),
        ("GET", "/docs"),
        ("GET", "/docs/<asset>"),
        ("POST", "/room-codes/code/<code>"),
        ("POST", "/webhooks"),
    }
    assert {route for route, access in asks.items() if access == "APP"} == {
        ("POST", "/sip/dtmf"),
        ("GET", "/layouts/ui"),
    }
    assert {route for route, access in asks.items() if access == "OIDC"} == {("POST", "/token/oidc")}

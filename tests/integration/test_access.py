"""The access of every kind of caller to every route, and the table of it in docs/security.md.

`WRITE_DOCS=1 pytest tests/integration/test_access.py` updates the table.
"""

import json
import os
import secrets
import time
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Any

import boto3
import jwt
import pytest
import requests

from hms.tokens import sign_app_token, sign_management_token
from hms_service.auth.scopes import SCOPED_RESOURCES
from tests.http_api import APP_TOKEN_OPERATIONS, ROOT, Route, all_routes, route_of
from tests.integration.stack import Stack
from tests.integration.test_routes import received
from tests.support.aws import functions_environment
from tests.support.client_keys import create_key, revoke
from tests.support.functions import load
from tests.support.issuer import AUDIENCE, LocalIssuer, running_issuer
from tests.support.lambda_context import Context

ROUTES = tuple(route for route in all_routes() if route.section != "webhooks")  # that has a separate secret
PREFIX = "/who-may-do-what"
PUBLIC = {"health", "exchangeRoomCodeForToken", "retrieveDocument", "showPage", "retrieveAsset"}
CODE_EXCHANGE = {"none": 200, "wrong": 403, "right": 400}
"""What `POST /v2/token` answers to a code. With a token, the same path mints join tokens; other callers get 401."""
OTHER_TOKENS = dict.fromkeys(APP_TOKEN_OPERATIONS, "app") | {"createOidcAppToken": "oidc"}
"""The only caller that may call each of these operations."""
PAGE = ROOT / "docs" / "security.md"
BEGIN, END = "<!-- table: tests/integration/test_access.py -->\n", "<!-- end of table -->\n"

ASK_NOBODY = {*PUBLIC, "createAppToken", "createOidcAppToken", "retrieveAttendance"} - {"exchangeRoomCodeForToken"}
SCOPED_AS = {"attendance": "sessions"}

CALLERS = {
    "no token": "none",
    "garbage": "garbage",
    "expired": "expired",
    "foreign key": "foreign",
    "revoked key": "revoked",
    "wrong scope": "wrong",
    "right scope": "right",
    "app token": "app",
    "OIDC token": "oidc",
}
"""Kinds of callers, as in the table's header."""


@pytest.fixture(scope="module", autouse=True)
def tokens(running_stack: Stack) -> Iterator[dict[tuple[str, str], str]]:
    """Returns a token of each kind of caller for each scope. 100ms responds with 200 to every request."""
    with functions_environment(running_stack, PREFIX) as environment, running_issuer() as issuer:
        oidc = {"ISSUER": issuer.url, "AUDIENCE": AUDIENCE, "ROLES": "host,guest", "ROOM_CLAIM": "*"}
        for name, value in oidc.items():
            environment.setenv(f"HMS_OIDC_{name}", value)
        ssm = boto3.client("ssm")
        for name, value in {"access_key": running_stack.access_key, "secret": running_stack.secret}.items():
            ssm.put_parameter(Name=f"{PREFIX}/{name}", Value=value, Type="SecureString")
        every = [f"{section}:{kind}" for section in sorted(SCOPED_RESOURCES) for kind in ("read", "write")]
        signed = {}
        for scope in sorted({scope_of(route) for route in ROUTES} - {""}):
            others = [other for other in every if other != scope]
            signed["right", scope] = sign_management_token(*create_key(ssm, PREFIX, "right", [scope]))
            signed["wrong", scope] = sign_management_token(*create_key(ssm, PREFIX, "wrong", others))
        access_key, secret = create_key(ssm, PREFIX, "revoked", ["*"])
        revoke(ssm, PREFIX, access_key)
        signed["revoked", ""] = sign_management_token(access_key, secret)
        signed |= tokens_without_scope(running_stack, issuer)
        load_once.cache_clear()
        attended = json.loads((ROOT / "events" / "attendance_keeper" / "sqs_batch.json").read_text())
        load("attendance_keeper").handler(attended, Context())
        fault = {"status": 200, "body": {"handed": "back"}, "times": 10_000}
        requests.post(f"{running_stack.simulator}/_simulator/faults", json=fault, timeout=10).raise_for_status()
        yield signed
        requests.post(f"{running_stack.simulator}/_simulator/reset", timeout=10).raise_for_status()


def tokens_without_scope(stack: Stack, issuer: LocalIssuer) -> dict[tuple[str, str], str]:
    hour_ago = int(time.time()) - 3600
    claims = {"access_key": stack.access_key, "type": "management", "version": 2, "iat": hour_ago, "nbf": hour_ago}
    return {
        ("none", ""): "",
        ("garbage", ""): "garbage",
        ("expired", ""): jwt.encode({**claims, "exp": hour_ago + 60}, stack.secret, "HS256"),
        ("foreign", ""): sign_management_token(secrets.token_hex(12), secrets.token_hex(32)),
        ("app", ""): sign_app_token(stack.access_key, stack.secret, room_id="r", role="host", user_id="u"),
        ("oidc", ""): issuer.token(),
    }


def scope_of(route: Route) -> str:
    """Return the scope that a key needs for the route; "" if the route accepts no key or any caller."""
    if route.operation in {*PUBLIC, *OTHER_TOKENS}:
        return ""
    section = SCOPED_AS.get(route.section, route.section)
    return f"{section}:{'read' if route.method == 'GET' else 'write'}"


def expected(route: Route, caller: str) -> int:
    success = 201 if route.operation in {"createAppToken", "createOidcAppToken"} else 200
    if route.operation in PUBLIC:
        return success
    if route.operation == "exchangeRoomCode":
        return CODE_EXCHANGE.get(caller, 401)
    if route.operation in OTHER_TOKENS:
        return success if caller == OTHER_TOKENS[route.operation] else 401
    return {"right": success, "wrong": 403}.get(caller, 401)


@cache
def events() -> dict[Route, dict[str, Any]]:
    """Return the sample event of each route."""
    folders = {route.folder for route in ROUTES}
    read = [
        (json.loads(file.read_text()), folder)
        for folder in folders
        for file in (ROOT / "events" / folder).glob("*.json")
    ]
    return {route_of(event, folder): event for event, folder in read}


@cache
def load_once(folder: str) -> ModuleType:
    return load(folder)


def status(route: Route, caller: str, tokens: dict[tuple[str, str], str]) -> int:
    """Return the route's response to the caller."""
    scope = scope_of(route) or "rooms:read"  # a route that accepts no key has no scope
    token = tokens.get((caller, "")) if (caller, "") in tokens else tokens[caller, scope]
    event = {**events()[route], "headers": dict(events()[route]["headers"])}
    event["headers"]["authorization"] = f"Bearer {token}"
    if not token:
        del event["headers"]["authorization"]
    answer = load_once(route.folder).handler(event, Context())
    assert answer["statusCode"] < 400 or json.loads(answer["body"])["code"] == answer["statusCode"]
    return int(answer["statusCode"])


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_a_route_responds_by_scope_and_calls_100ms_only_if_allowed(
    running_stack: Stack, tokens: dict[tuple[str, str], str], route: Route
) -> None:
    requests.delete(f"{running_stack.simulator}/_simulator/requests", timeout=10).raise_for_status()
    want = {caller: expected(route, caller) for caller in CALLERS.values()}
    assert {caller: status(route, caller, tokens) for caller in CALLERS.values()} == want
    may = 0 if route.operation in ASK_NOBODY else sum(value < 400 for value in want.values())
    assert len(received(running_stack)) == may


def test_the_table_of_the_documentation_shows_what_the_routes_answer(tokens: dict[tuple[str, str], str]) -> None:
    table = "".join(lines(tokens))
    before, _, rest = PAGE.read_text().partition(BEGIN)
    shown, _, after = rest.partition(END)
    if os.environ.get("WRITE_DOCS"):
        PAGE.write_text(f"{before}{BEGIN}{table}{END}{after}")
    else:
        assert shown == table


def lines(tokens: dict[tuple[str, str], str]) -> Iterator[str]:
    """Return one row for all routes with the same statuses. The most common row stands for every other route."""
    routes: dict[tuple[int, ...], list[str]] = defaultdict(list)
    for route in ROUTES:
        statuses = tuple(status(route, caller, tokens) for caller in CALLERS.values())
        routes[statuses].append(f"`{route.method} {route.path}`")
    *others, (common, _) = sorted(routes.items(), key=lambda row: len(row[1]))
    yield f"| route | {' | '.join(CALLERS)} |\n"
    yield f"|---|{'---|' * len(CALLERS)}\n"
    for statuses, names in [*others, (common, ["every other route"])]:
        yield f"| {', '.join(names)} | {' | '.join(map(str, statuses))} |\n"

"""events/ contains one sample per route, as API Gateway sends it, with the documented query and body."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from jsonschema import Draft202012Validator

from tests.http_api import (
    APP_TOKEN_OPERATIONS,
    all_routes,
    chosen_path,
    contract_routes,
    route_of,
    section_events,
    variables_of,
)
from tests.support.contract import document, examples, query_parameters

EVENTS = section_events()
TIME_RANGE = {"start_time", "end_time"}  # not used: 100ms accepts only the last 30 days
UPSTREAM_OPERATIONS = {route.operation for route in contract_routes() if route.origin == "upstream"}
PUBLIC_OPERATIONS = {"health", "exchangeRoomCodeForToken", "exchangeRoomCode"}
PUBLIC_OPERATIONS |= {"retrieveDocument", "showPage", "retrieveAsset"}
OTHER_TOKENS = dict.fromkeys(APP_TOKEN_OPERATIONS, "APP_TOKEN") | {"createOidcAppToken": "OIDC_TOKEN"}
OWN_BODIES = {
    "createAppToken": {"userId", "roomId", "role", "expiresIn"},
    "createOidcAppToken": {"roomId", "role", "expiresIn"},
    "exchangeRoomCode": {"code", "user_id"},
}

each_event = pytest.mark.parametrize("file", EVENTS, ids=lambda file: f"{file.parent.name}/{file.stem}")


def read(file: Path) -> dict[str, Any]:
    event: dict[str, Any] = json.loads(file.read_text())
    return event


def as_json(values: list[str], schema: dict[str, Any]) -> Any:
    """Return the query's values as the JSON types in their schema."""
    match schema.get("type"):
        case "array":
            return values
        case "integer" | "boolean":
            return json.loads(*values)
        case _:
            [value] = values
            return value


def test_each_route_has_one_event_and_each_event_one_route() -> None:
    called_for = [route for route in all_routes() if route.folder != "webhooks"]
    assert Counter(route_of(read(file), file.parent.name) for file in EVENTS) == Counter(called_for)


@each_event
def test_an_event_is_named_after_its_operation_unless_it_takes_an_alias(file: Path) -> None:
    route = route_of(read(file), file.parent.name)
    is_alias = route.origin != "upstream" and route.operation in UPSTREAM_OPERATIONS
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", route.operation).lower()
    assert (file.stem == name) is not is_alias


@each_event
def test_an_event_has_the_route_key_that_api_gateway_would_choose(file: Path) -> None:
    event = read(file)
    declared = chosen_path(event["rawPath"])
    assert event["routeKey"] == event["requestContext"]["routeKey"] == f"ANY {declared}"
    assert event["requestContext"]["http"]["path"] == event["rawPath"]
    assert event.get("pathParameters") == (variables_of(event["rawPath"], declared) or None)


@each_event
def test_an_event_asks_with_every_documented_query_parameter(file: Path) -> None:
    parameters = query_parameters(route_of(read(file), file.parent.name).operation)
    schemas = {parameter["name"]: parameter["schema"] for parameter in parameters}
    query = parse_qs(read(file)["rawQueryString"], keep_blank_values=True)
    assert query.keys() == schemas.keys() - TIME_RANGE
    for name in query:
        schema = schemas[name]
        Draft202012Validator(schema | {"components": document()["components"]}).validate(as_json(query[name], schema))


def without_time_range(body: Any) -> Any:
    return {name: value for name, value in body.items() if name not in TIME_RANGE} if isinstance(body, dict) else body


@each_event
def test_an_event_carries_a_documented_body_where_the_route_takes_one(file: Path) -> None:
    event, route = read(file), route_of(read(file), file.parent.name)
    body = json.loads(event.get("body", "null"))
    documented = list(examples(route.operation).values())
    if route.operation in OWN_BODIES:
        assert body.keys() == OWN_BODIES[route.operation]
    elif body is None:
        assert not documented or route.origin == "seed"
    else:
        assert body in [without_time_range(item) for item in documented]
    assert ("content-type" in event["headers"]) is ("body" in event)
    assert event["isBase64Encoded"] is False


@each_event
def test_an_event_holds_a_placeholder_of_the_token_that_is_due(file: Path) -> None:
    operation = route_of(read(file), file.parent.name).operation
    due = None if operation in PUBLIC_OPERATIONS else OTHER_TOKENS.get(operation, "MANAGEMENT_TOKEN")
    assert read(file)["headers"].get("authorization") == (due and f"Bearer {due}")

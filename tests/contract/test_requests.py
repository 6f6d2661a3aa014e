"""Every operation forwards valid input unchanged, and rejects invalid input with the field's name."""

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from types import ModuleType
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import requests

from hms.tokens import sign_app_token
from tests.contract.variants import Schema, Variant, body_schema, broken, broken_queries, full, is_valid
from tests.http_api import APP_TOKEN_OPERATIONS, Route, contract_routes
from tests.integration.stack import Stack
from tests.support.aws import functions_environment
from tests.support.contract import SAMPLES, examples, filled, operations
from tests.support.functions import http_event, load
from tests.support.lambda_context import Context

ROUTES = {route.operation: route for route in contract_routes() if route.origin == "upstream"} | {
    route.operation: route for route in contract_routes() if route.operation == "exchangeRoomCodeForToken"
}

BODY_IN_THE_PATH = {"exchangeRoomCodeForToken"}
ALTERNATIVES: dict[str, tuple[str, ...]] = {"sendActiveRoomMessage": ("peerId",)}
"""Members that the contract does not allow together with the others of a full body."""

TAKEN_WITHOUT = re.compile(r"(settings\.)?recording\.upload\.prefix")
"""Required by the schema, but optional on two of the documentation's pages (see the x-notes): not required here."""

LEAST_VARIANTS = 3_785


@pytest.fixture(scope="module", autouse=True)
def environment(running_stack: Stack) -> Iterator[None]:
    with functions_environment(running_stack):
        yield


@cache
def function(folder: str) -> ModuleType:
    return load(folder)


def received(stack: Stack) -> list[dict[str, Any]]:
    logged: list[dict[str, Any]] = requests.get(f"{stack.simulator}/_simulator/requests", timeout=10).json()["requests"]
    return logged


def send(stack: Stack, route: Route, query: list[tuple[str, str]], body: Any) -> dict[str, Any]:
    token = stack.token
    if route.operation in APP_TOKEN_OPERATIONS:
        token = sign_app_token(stack.access_key, stack.secret, room_id="r", role="host", user_id="u")
    event = http_event(
        route.method,
        filled(route.path),
        query=urlencode(query, quote_via=quote),
        body=None if body is None else json.dumps(body),
        authorization=f"Bearer {token}",
    )
    answer: dict[str, Any] = function(route.folder).handler(event, Context())
    return answer


def named(answer: dict[str, Any]) -> list[str]:
    return [detail.split(":")[0] for detail in json.loads(answer["body"])["details"]]


def test_every_operation_of_the_contract_has_a_route() -> None:
    assert set(ROUTES) == set(operations())
    assert len(ROUTES) == 81


def valid_bodies(operation_id: str) -> Iterator[Any]:
    """The documented bodies, and one with every member."""
    if operation_id in BODY_IN_THE_PATH:
        yield None
        return
    yield from examples(operation_id).values() or [None]
    schema = body_schema(operation_id)
    if schema is not None:
        yield whole(operation_id, schema)


def whole(operation_id: str, schema: Schema) -> Any:
    """A body with all members that are allowed together."""
    value = full(schema)
    for name in ALTERNATIVES.get(operation_id, ()):
        del value[name]
    assert is_valid(operation_id, value), value
    return value


@pytest.mark.parametrize("operation_id", ROUTES)
def test_valid_input_is_forwarded_unchanged(stack: Stack, operation_id: str) -> None:
    route, operation = ROUTES[operation_id], operations()[operation_id]
    for body in valid_bodies(operation_id):
        requests.delete(f"{stack.simulator}/_simulator/requests", timeout=10)
        answer = send(stack, route, operation.query, body)
        assert answer["statusCode"] != 400 or received(stack), answer["body"]
        (request,) = received(stack)
        expected = {"code": SAMPLES["code"]} if operation_id in BODY_IN_THE_PATH else body
        assert (json.loads(request["body"]) if request["body"] else None) == expected
        assert request["query"] == urlencode(operation.query, quote_via=quote)


def invalid_requests(operation_id: str) -> Iterator[tuple[Variant, str, list[tuple[str, str]], Any]]:
    """Requests to reject: the invalid variant, and the path, query and body to send."""
    for variant, path, query, body in _broken_requests(operation_id):
        if variant.rule != "missing" or not TAKEN_WITHOUT.fullmatch(variant.field):
            yield variant, path, query, body


def _broken_requests(operation_id: str) -> Iterator[tuple[Variant, str, list[tuple[str, str]], Any]]:
    route, operation = ROUTES[operation_id], operations()[operation_id]
    path, body = filled(route.path), next(valid_bodies(operation_id))
    for variant in broken_queries(operation_id, operation.query):
        yield variant, path, variant.value, body
    schema = body_schema(operation_id)
    if operation_id in BODY_IN_THE_PATH:
        yield Variant("wrong type", "user_id", {"user_id": 7}), path, operation.query, {"user_id": 7}
    elif schema is not None:
        for variant in broken(operation_id, whole(operation_id, schema)):
            yield variant, path, operation.query, variant.value
        yield Variant("wrong type", "body", "text"), path, operation.query, "text"
    elif route.method != "GET":
        yield Variant("no body allowed", "body", {"a": 1}), path, operation.query, {"a": 1}
    if "{" in route.path:
        last = route.path.rindex("{")
        yield Variant("path", "path", ".."), filled(route.path[:last]) + "..", operation.query, body


@pytest.mark.parametrize("operation_id", ROUTES)
def test_invalid_input_is_refused_by_name_and_not_forwarded(stack: Stack, operation_id: str) -> None:
    route = ROUTES[operation_id]
    requests.delete(f"{stack.simulator}/_simulator/requests", timeout=10)
    wrong = []
    for variant, path, query, body in invalid_requests(operation_id):
        answer = send(stack, route._replace(path=path), query, body)
        if answer["statusCode"] != 400 or variant.field not in named(answer):
            wrong.append((variant.rule, variant.field, answer["statusCode"], answer["body"]))
    assert received(stack) == []
    assert not wrong, "\n".join(map(str, wrong))


def test_a_recording_is_taken_without_an_upload_prefix(stack: Stack) -> None:
    upload = {"type": "s3", "location": "bucket"}
    send(stack, ROUTES["updateTemplateSettings"], [], {"recording": {"enabled": True, "upload": upload}})
    (request,) = received(stack)
    assert json.loads(request["body"])["recording"]["upload"] == upload


def test_the_contract_is_covered_as_far_as_it_was(record_property: Callable[[str, object], None]) -> None:
    variants = {operation_id: len(list(invalid_requests(operation_id))) for operation_id in ROUTES}
    record_property("summary", f"{len(variants)} operations, {sum(variants.values())} invalid variants")
    assert all(count for operation_id, count in variants.items() if "{" in ROUTES[operation_id].path)
    assert sum(variants.values()) >= LEAST_VARIANTS

"""Every operation of the published document, called with valid and invalid input."""

import copy
import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from jsonschema import Draft202012Validator
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from hms.tokens import sign_app_token
from local.stack import WEBHOOK_SECRET
from tests.http_api import ROOT
from tests.integration.simulator.client import Client
from tests.integration.stack import Stack, started_stack
from tests.support import contract
from tests.support.samples import SampleResources

pytestmark = [pytest.mark.storm, pytest.mark.timeout(600)]

DOCUMENT: dict[str, Any] = json.loads((ROOT / "docs" / "openapi.json").read_text())
OPERATIONS: dict[str, Any] = {
    f"{method.upper()} {path}": operation
    for path, methods in schemathesis.openapi.from_dict(DOCUMENT).items()
    for method, operation in methods.items()
    if path != "/token/oidc"  # the local stack has no issuer, so this route does not exist
}
EXAMPLES = {
    "reject": {GenerationMode.POSITIVE: 50, GenerationMode.NEGATIVE: 25},
    "observe": {GenerationMode.POSITIVE: 10, GenerationMode.NEGATIVE: 15},
}
"""Requests of each kind by validation."""
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
SAMPLE_IDS = {
    "asset_id": "asset",
    "code": "code",
    "peer_id": "peer",
    "poll_id": "poll",
    "recording_id": "recording",
    "response_id": "response",
    "result_id": "result",
    "room_id": "room",
    "session_id": "session",
    "template_id": "template",
    "trunk_id": "trunk",
    "workflow_id": "replay",
}
"""IDs of existing resources, by path variable."""
TAKEN = {("listRecordingAssets", "status", "processing")}
"""Values that one page of the 100ms documentation lists and another does not."""
COMPONENTS = copy.deepcopy(contract.document()["components"])
COMPONENTS["schemas"]["RecordingUpload"]["required"].remove("prefix")  # optional on two of three pages

# An update may leave out large_room, and may send back the empty region of a disabled room.
UPDATE_SETTINGS = {**COMPONENTS["schemas"]["RoomSettings"], "else": {}}
UPDATE_SETTINGS["properties"] = {**UPDATE_SETTINGS["properties"], "region": {"enum": ["eu", "in", "us", "auto", ""]}}
COMPONENTS["schemas"]["RoomUpdate"]["allOf"][0] = UPDATE_SETTINGS


@pytest.fixture(scope="module", params=EXAMPLES)
def validation(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, validation: str) -> Iterator[Stack]:
    log = tmp_path_factory.mktemp("stack") / "stderr"
    with started_stack(log, PARAMETERS=f"Validation={validation}") as running:
        yield running


@pytest.fixture
def caller(stack: Stack) -> Iterator[requests.Session]:
    """Sends the token that most calls accept, to a simulator that was reset."""
    requests.post(f"{stack.simulator}/_simulator/reset", timeout=10).raise_for_status()
    with requests.Session() as session:
        yield session


@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
@pytest.mark.parametrize("label", OPERATIONS)
def test_an_operation_answers_as_documented_and_passes_nothing_invalid_on(
    stack: Stack, caller: requests.Session, validation: str, label: str, mode: GenerationMode
) -> None:
    operation = OPERATIONS[label]
    there = things_in(stack, operation.path)

    @settings(
        max_examples=EXAMPLES[validation][mode],
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(mode), is_there=st.booleans())
    def call(case: Any, is_there: bool) -> None:
        if is_there:
            case.path_parameters = {**(case.path_parameters or {}), **there}
        case.headers.pop("Authorization", None)
        answer = case.call(base_url=stack.api, session=caller, headers=headers_for(stack, label), timeout=30)
        case.validate_response(answer, checks=CHECKS)
        if answer.status_code >= 400:
            check_envelope(answer.json(), answer.status_code)

    try:
        call()
    except Unsatisfiable:
        pytest.skip("the operation accepts any input")
    if validation == "reject":
        assert list(invalid(stack)) == []


def things_in(stack: Stack, path: str) -> dict[str, str]:
    """Return IDs of existing resources for the path's variables."""
    world = SampleResources(Client(stack.simulator, stack.token))
    variables = [name for name in SAMPLE_IDS if f"{{{name}}}" in path]
    return {name: world[SAMPLE_IDS[name]] for name in variables}


def headers_for(stack: Stack, label: str) -> dict[str, str]:
    app = sign_app_token(stack.access_key, stack.secret, room_id="r", role="host", user_id="u")
    token = app if label in ("POST /sip/dtmf", "GET /layouts/ui") else stack.token
    return {"authorization": f"Bearer {token}", "x-webhook-secret": WEBHOOK_SECRET}


def check_envelope(body: Any, status: int) -> None:
    assert set(body) >= {"code", "message"}, body
    assert body["code"] == status
    assert isinstance(body["message"], str)
    assert isinstance(body.get("details", []), list)


def invalid(stack: Stack) -> Iterator[str]:
    """Return requests that reached 100ms and violate the contract."""
    url = f"{stack.simulator}/_simulator/requests"
    for received in requests.get(url, timeout=10).json()["requests"]:
        operation = operation_of(received["method"], received["path"])
        if operation is None:
            yield f"no operation: {received['method']} {received['path']}"
            continue
        if received["body"]:
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            whole = {**schema, "components": COMPONENTS}
            for error in Draft202012Validator(whole).iter_errors(without_null(json.loads(received["body"]))):
                yield f"{operation['operationId']} body {error.json_path}: {error.message[:200]}"
        yield from (f"{operation['operationId']} {item}" for item in invalid_query(operation, received["query"]))


def operation_of(method: str, path: str) -> dict[str, Any] | None:
    """Return the contract's most specific operation for a path in a request."""
    given = path.removeprefix("/v2").split("/")
    found = [
        (known.count("{"), item[method.lower()])
        for known, item in contract.document()["paths"].items()
        if method.lower() in item and matches(known.split("/"), given)
    ]
    return min(found, key=lambda item: item[0])[1] if found else None


def matches(known: list[str], given: list[str]) -> bool:
    return len(known) == len(given) and all(
        a == b or (a.startswith("{") and b) for a, b in zip(known, given, strict=True)
    )


def without_null(value: Any) -> Any:
    """Return the body without members that are null, which are equal to missing ones."""
    if isinstance(value, Mapping):
        return {name: without_null(item) for name, item in value.items() if item is not None}
    return [without_null(item) for item in value] if isinstance(value, list) else value


def invalid_query(operation: dict[str, Any], query: str) -> Iterator[str]:
    known = {
        item["name"]: contract.resolved(item["schema"])
        for item in map(contract.resolved, operation.get("parameters", []))
    }
    for name, text in parse_qsl(query, keep_blank_values=True):
        schema = contract.resolved(known.get(name, {}))
        schema = contract.resolved(schema.get("items", schema))
        value: Any = text
        if schema.get("type") == "integer" and text.removeprefix("-").isdigit():
            value = int(text)
        if schema.get("type") == "boolean" and text in ("true", "false"):
            value = text == "true"
        whole = {**schema, "components": COMPONENTS}
        if (operation["operationId"], name, text) in TAKEN:
            continue
        for error in Draft202012Validator(whole).iter_errors(value):
            yield f"{name}={text}: {error.message[:200]}"

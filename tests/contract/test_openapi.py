"""docs/openapi.json is current, valid, complete and compatible with earlier versions."""

import copy
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from hms_service.auth.caller import AuthScheme
from tests.http_api import all_routes
from tools.openapi import routes as routes_module
from tools.openapi.breaking_changes import PROMISES, find_breaking_changes, list_promises
from tools.openapi.document import DOCUMENT, build_document, to_json
from tools.openapi.routes import public_routes

COMMITTED: dict[str, Any] = json.loads(DOCUMENT.read_text())
OPERATIONS = {
    (verb.upper(), path): operation for path, item in COMMITTED["paths"].items() for verb, operation in item.items()
}
each_operation = pytest.mark.parametrize(
    "operation", OPERATIONS.values(), ids=[f"{verb} {path}" for verb, path in OPERATIONS]
)


@cache
def generated() -> str:
    return to_json(build_document())


def test_the_document_is_what_the_code_does() -> None:
    assert DOCUMENT.read_text() == generated(), "run `make openapi`"


def test_the_document_is_valid() -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(COMMITTED).iter_errors()] == []


def test_the_document_has_every_route_and_no_other() -> None:
    assert set(OPERATIONS) == {(route.method, route.path) for route in all_routes()}


def test_a_function_that_can_not_be_imported_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "functions" / "broken").mkdir(parents=True)
    (tmp_path / "functions" / "broken" / "app.py").write_text("import no_such_module\n")
    monkeypatch.setattr(routes_module, "ROOT", tmp_path)
    with pytest.raises(ModuleNotFoundError):
        public_routes()


def test_operations_have_names_of_their_own() -> None:
    names = [operation["operationId"] for operation in OPERATIONS.values()]
    assert len(set(names)) == len(names)


@each_operation
def test_an_operation_has_a_summary_and_a_declared_tag(operation: dict[str, Any]) -> None:
    assert operation["summary"]
    assert operation["tags"][0] in {tag["name"] for tag in COMMITTED["tags"]}


def test_an_operation_documents_the_token_and_scope_of_its_route() -> None:
    scheme = {AuthScheme.MANAGEMENT: "managementToken", AuthScheme.APP: "appToken", AuthScheme.OIDC: "oidcToken"}
    for route in public_routes():
        operation = OPERATIONS[route.method, route.path]
        access = route.route.auth_scheme
        assert operation["security"] == ([] if access is AuthScheme.PUBLIC else [{scheme[access]: []}])
        verb = "read" if route.method == "GET" else "write"
        assert operation.get("x-scope") == (f"{route.route.scope}:{verb}" if access is AuthScheme.MANAGEMENT else None)


@each_operation
def test_an_error_has_the_one_envelope(operation: dict[str, Any]) -> None:
    errors = [response for status, response in operation["responses"].items() if status >= "400"]
    assert errors
    for error in map(resolved, errors):
        (content,) = error["content"].values()
        assert content["schema"] == {"$ref": "#/components/schemas/Error"}


@each_operation
def test_examples_are_what_their_schemas_say(operation: dict[str, Any]) -> None:
    problems = [
        f"{where}: {error.json_path} {error.message}"
        for where, schema, value in examples(operation)
        for error in validator(schema).iter_errors(value)
    ]
    assert problems == []


@each_operation
def test_what_sends_or_answers_json_has_an_example_of_it(operation: dict[str, Any]) -> None:
    places = [where for where, _, _ in examples(operation)]
    if "requestBody" in operation:
        assert "request" in places
    for status, response in operation["responses"].items():
        if resolved(response).get("content", {}).get("application/json", {}).get("schema"):
            assert status in places


def test_earlier_promises_are_kept() -> None:
    assert find_breaking_changes(PROMISES.read_text().splitlines(), list_promises(COMMITTED)) == [], (
        "`make openapi BREAKING=1`"
    )
    assert PROMISES.read_text().splitlines() == list_promises(COMMITTED), "run `make openapi`"


def remove_route(changed: dict[str, Any]) -> None:
    del changed["paths"]["/rooms"]["get"]


def require_member(changed: dict[str, Any]) -> None:
    changed["components"]["schemas"]["RoomCreate"]["required"] = ["name"]


def require_parameter(changed: dict[str, Any]) -> None:
    (name,) = [
        parameter for parameter in changed["paths"]["/rooms"]["get"]["parameters"] if parameter.get("name") == "name"
    ]
    name["required"] = True


def change_type(changed: dict[str, Any]) -> None:
    changed["components"]["schemas"]["Room"]["properties"]["id"]["type"] = "integer"


def change_status(changed: dict[str, Any]) -> None:
    responses = changed["paths"]["/templates/{template_id}/roles/{role_name}"]["delete"]["responses"]
    responses["200"] = responses.pop("204")


def leave_out_of_a_reply(changed: dict[str, Any]) -> None:
    changed["components"]["schemas"]["Room"]["required"].remove("id")


def drop_a_state(changed: dict[str, Any]) -> None:
    changed["components"]["schemas"]["RecordingStatus"]["enum"].pop()


def ask_for_another_scope(changed: dict[str, Any]) -> None:
    changed["paths"]["/rooms"]["get"]["x-scope"] = "rooms:write"


@pytest.mark.parametrize(
    "change",
    [
        remove_route,
        require_member,
        require_parameter,
        change_type,
        change_status,
        leave_out_of_a_reply,
        drop_a_state,
        ask_for_another_scope,
    ],
)
def test_breaking_changes_are_found(change: Any) -> None:
    changed = copy.deepcopy(COMMITTED)
    change(changed)
    assert find_breaking_changes(list_promises(COMMITTED), list_promises(changed))


def test_additions_are_not_breaking() -> None:
    changed = copy.deepcopy(COMMITTED)
    changed["paths"]["/rooms/{room_id}/close"] = {"post": copy.deepcopy(changed["paths"]["/rooms"]["post"])}
    changed["components"]["schemas"]["RoomCreate"]["properties"]["color"] = {"type": "string"}
    assert find_breaking_changes(list_promises(COMMITTED), list_promises(changed)) == []


def examples(operation: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Yield the location of each example, with its schema and its value."""
    bodies = {"request": operation.get("requestBody", {})}
    bodies |= {status: resolved(response) for status, response in operation["responses"].items()}
    for where, body in bodies.items():
        content = body.get("content", {}).get("application/json", {})
        values = [example["value"] for example in content.get("examples", {}).values()]
        values += [content["example"]] if "example" in content else []
        for value in values:
            yield where, content["schema"], value


def resolved(node: dict[str, Any]) -> dict[str, Any]:
    found: Any = node
    if "$ref" in node:
        found = COMMITTED
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
    return dict(found)


def validator(schema: Any) -> Draft202012Validator:
    return Draft202012Validator({**schema, "components": COMMITTED["components"]})

"""The operations' declarations match the contract, and their methods send requests accordingly."""

import inspect
import json
import re
import typing
from importlib import import_module
from typing import Any, get_type_hints

import pytest

from hms.client import HmsClient
from hms.errors import BadRequestError
from hms.operation import Operation
from hms.operations import RESOURCES, load_operations
from hms.types import Response
from tests.support import contract
from tests.support.servers import ScriptedServer

OPERATIONS = sorted(load_operations().values(), key=lambda operation: operation.name)


def documented(operation: Operation) -> dict[str, Any]:
    """Return the contract's entry for the operation."""
    found: dict[str, Any] = contract.document()["paths"][operation.path][operation.method.lower()]
    return found


def success(operation: Operation) -> dict[str, Any]:
    """Return the schema of the first documented successful response."""
    responses = documented(operation)["responses"]
    (response, *_) = [found for status, found in responses.items() if str(status).startswith("2")]
    schema: dict[str, Any] = response.get("content", {}).get("application/json", {}).get("schema", {})
    return schema


def test_every_operation_of_the_contract_is_declared_once() -> None:
    in_contract = {(verb.upper(), path) for path, verbs in contract.document()["paths"].items() for verb in verbs}
    in_contract = {(verb, path) for verb, path in in_contract if verb in ("GET", "POST", "DELETE")}
    declared = [(operation.method, operation.path) for operation in OPERATIONS]
    assert sorted(declared) == sorted(in_contract)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_the_response_is_the_schema_of_the_contract(operation: Operation) -> None:
    schema = success(operation)
    named = schema.get("$ref", "").rpartition("/")[2]
    assert operation.response == named or (operation.response and not named and schema.get("properties"))


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_models_are_there_and_bodies_are_documented(operation: Operation) -> None:
    assert operation.query is None or operation.query().__module__.startswith("hms.models.")
    assert operation.body is None or operation.body().__module__.startswith("hms.models.")
    assert (operation.body is not None) == ("requestBody" in documented(operation))


def test_every_resource_of_the_client_is_listed() -> None:
    resources = {name for name in vars(HmsClient) if type(vars(HmsClient)[name]).__name__ == "cached_property"}
    assert resources == set(RESOURCES)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_the_method_sends_its_operation(operation: Operation, client: HmsClient, upstream: ScriptedServer) -> None:
    resource, _, method = operation.name.partition(".")
    arguments: dict[str, Any] = {name: f"{name}-1" for name in operation.path_parameters}
    if operation.body and operation.body_required:
        arguments["body"] = sample(operation).body
    if operation.query_required:
        arguments["query"] = sample(operation).query
    if operation.auth == "app":
        arguments["token"] = "an-app-token"
    getattr(getattr(client, resource), method)(**arguments)
    (request,) = upstream.requests
    path = operation.build_path({name: f"{name}-1" for name in operation.path_parameters})
    base = "/auth" if operation.auth == "none" else "/v2"
    assert (request.method, request.target.partition("?")[0]) == (operation.method, base + path)


def sample(operation: Operation) -> contract.Operation:
    """Return the query parameters and members that the contract defines."""
    return contract.operations()[documented(operation)["operationId"]]


@pytest.mark.parametrize(
    "operation",
    [operation for operation in OPERATIONS if operation.body and operation.body_type is dict],
    ids=lambda operation: operation.name,
)
def test_the_members_by_name_are_those_of_the_model(operation: Operation) -> None:
    resource, _, method = operation.name.partition(".")
    module = import_module(f"hms.resources.{resource}")
    params = import_module(f"hms.params.{resource}")
    (owner,) = [
        value for value in vars(module).values() if inspect.isclass(value) and value.__module__ == module.__name__
    ]
    annotation = inspect.signature(getattr(owner, method)).parameters["members"].annotation
    name = re.fullmatch(r"Unpack\[(\w+)]", annotation)
    assert name
    assert operation.body
    same_members(getattr(params, name[1]), operation.body())


def same_members(params: Any, model: Any) -> None:
    """Compare the members, including nested ones."""
    fields = {field.alias or name: field.annotation for name, field in model.model_fields.items()}
    hints = get_type_hints(params)
    assert hints.keys() == fields.keys(), params.__name__
    for name, annotation in fields.items():
        models = {item.__name__: item for item in nested(annotation) if hasattr(item, "model_fields")}
        held = {item.__name__: item for item in nested(hints[name]) if typing.is_typeddict(item)}
        assert held.keys() == {f"{model}Params" for model in models}, f"{params.__name__}.{name}"
        for model_name, found in models.items():
            same_members(held[f"{model_name}Params"], found)


def nested(annotation: Any) -> list[Any]:
    """Return the classes in a type annotation."""
    arguments = typing.get_args(annotation)
    return [annotation] if not arguments else [found for argument in arguments for found in nested(argument)]


def test_members_by_name_are_the_body(client: HmsClient, upstream: ScriptedServer) -> None:
    reply = client.rooms.create(name="town-hall", size=50)
    assert isinstance(reply, Response)
    assert json.loads(upstream.requests[0].body) == {"name": "town-hall", "size": 50}


def test_a_body_and_members_are_not_given_together(client: HmsClient, upstream: ScriptedServer) -> None:
    with pytest.raises(TypeError):
        client.rooms.create({"name": "one"}, name="other")
    assert upstream.requests == []


def test_a_missing_required_body_is_refused_before_anything_is_sent(
    client: HmsClient, upstream: ScriptedServer
) -> None:
    with pytest.raises(BadRequestError, match="Invalid body") as refused:
        client.rooms.update("room-1")
    assert refused.value.details == ["body: must be a JSON object"]
    assert upstream.requests == []

"""Compares the simulator's answers with contract/100ms.openapi.yaml: the schema, and the documented example's keys."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import requests
import yaml
from jsonschema import Draft202012Validator, FormatChecker

_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
FILE = Path(__file__).parents[3] / "contract" / "100ms.openapi.yaml"


@cache
def document() -> Any:
    return yaml.load(FILE.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def operations() -> list[tuple[str, str]]:
    """The verb and path of each operation, braces included."""
    verbs = ("get", "post", "delete")
    return [(verb.upper(), path) for path, item in document()["paths"].items() for verb in verbs if verb in item]


def operation(operation_id: str) -> Any:
    """The operation as the contract describes it."""
    for item in document()["paths"].values():
        for method in ("get", "post", "delete"):
            if item.get(method, {}).get("operationId") == operation_id:
                return item[method]
    raise LookupError(operation_id)


def request_example(operation_id: str, name: str) -> Any:
    """A documented request body."""
    return _example(_json(operation(operation_id)["requestBody"]), name)


def response_example(operation_id: str, name: str) -> Any:
    """A documented success."""
    return _example(_json(_answers(operation_id, 200)), name)


def check(operation_id: str, response: requests.Response, example: str | None = None) -> Any:
    """The response's JSON, once it has the status, schema and, if one is named, all keys of the example."""
    answers = _answers(operation_id, response.status_code)
    if response.status_code == 204:
        assert response.content == b""
        return None
    value = response.json()
    errors = [
        f"{error.json_path}: {error.message}" for error in _validator(_json(answers)["schema"]).iter_errors(value)
    ]
    assert not errors, errors
    if example is not None:
        missing = missing_keys(_example(_json(answers), example), value)
        assert not missing, missing
    return value


def answer_schema(operation_id: str, status: int) -> Any:
    """The schema of the documented answer, with all that it refers to; that of nothing where there is no body."""
    answer = _answers(operation_id, status)
    if "content" not in answer:
        return {"const": None}
    return {**_json(answer)["schema"], "components": document()["components"]}


def missing_keys(example: Any, value: Any, where: str = "$") -> list[str]:
    """The keys of an example that a value lacks; an example's list items are compared with the value's in turn.

    So are the members of an example's map whose keys are UUIDs.
    """
    if isinstance(example, dict):
        if not isinstance(value, dict):
            return [where]
        if example and all(map(_UUID.fullmatch, example)):
            return missing_keys(list(example.values()), list(value.values()), where)
        return [
            missing
            for key, member in example.items()
            for missing in (missing_keys(member, value[key], f"{where}.{key}") if key in value else [f"{where}.{key}"])
        ]
    if isinstance(example, list) and example:
        if not isinstance(value, list) or not value:
            return [where]
        return [
            missing
            for index, item in enumerate(example)
            for missing in missing_keys(item, value[min(index, len(value) - 1)], f"{where}[{index}]")
        ]
    return []


def _answers(operation_id: str, status: int) -> Any:
    answers = operation(operation_id)["responses"]
    assert str(status) in answers, f"{operation_id} does not document {status}"
    answer = answers[str(status)]
    return _component("responses", answer) if "$ref" in answer else answer


def _component(kind: str, reference: Any) -> Any:
    return document()["components"][kind][reference["$ref"].rpartition("/")[2]]


def _example(content: Any, name: str) -> Any:
    example = content["examples"][name]
    return (_component("examples", example) if "$ref" in example else example)["value"]


def _json(content: Any) -> Any:
    return content["content"]["application/json"]


def _validator(schema: Any) -> Draft202012Validator:
    whole = {**schema, "components": document()["components"]}
    return Draft202012Validator(whole, format_checker=FormatChecker(["date-time"]))

"""The only reader of contract/: operations, webhooks, sample requests, and checks of responses."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import requests
import yaml
from jsonschema import Draft202012Validator, FormatChecker

from tests.http_api import ROOT
from tests.support.fidelity import REPLAYS, differences

SAMPLES = {"role": "stage host", "role_name": "co-host.1", "code": "abc-defg-hij"}
_now = datetime.now(UTC)
YESTERDAY = {
    "start_time": f"{_now - timedelta(days=1):%Y-%m-%dT%H:%M:%S}.000Z",
    "end_time": f"{_now - timedelta(hours=1):%Y-%m-%dT%H:%M:%S}.000Z",
}
OBJECT_ID = "627cda81ab4f3b56a077dc33"


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    query: list[tuple[str, str]]
    body: Any

    def filled(self, **arguments: str) -> str:
        """The path with sample values for its parameters, not yet encoded."""
        return filled(self.path, **arguments)


def filled(path: str, **arguments: str) -> str:
    return re.sub(r"{(\w+)}", lambda match: sample(match[1], **arguments), path)


def sample(parameter: str, **arguments: str) -> str:
    return arguments.get(parameter) or SAMPLES.get(parameter) or OBJECT_ID


# Reading the contract


@cache
def document(name: str = "100ms") -> Any:
    """Return the contract of the API, or of `webhooks`."""
    text = (ROOT / "contract" / f"{name}.openapi.yaml").read_text("utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@cache
def webhooks() -> dict[str, Any]:
    """Return schema and examples of each webhook, by type."""
    items = document("webhooks")["webhooks"].items()
    return {name: _json(item["post"]["requestBody"]) for name, item in items}


@cache
def descriptions() -> dict[str, dict[str, Any]]:
    """Return the contract's operations by operationId."""
    items = [item for path in document()["paths"].values() for item in path.values()]
    return {item["operationId"]: item for item in items if isinstance(item, dict) and "operationId" in item}


@cache
def operations() -> dict[str, Operation]:
    """Return the operations with sample queries and bodies, by operationId."""
    return {
        item["operationId"]: Operation(method.upper(), path, _query(item), _body(item["operationId"]))
        for path, items in document()["paths"].items()
        for method, item in items.items()
        if method in {"get", "post", "delete"}
    }


def query_parameters(operation_id: str) -> list[dict[str, Any]]:
    """Return an operation's query parameters; empty if the contract does not contain it."""
    parameters = map(resolved, descriptions().get(operation_id, {}).get("parameters", []))
    return [parameter for parameter in parameters if parameter["in"] == "query"]


def examples(operation_id: str) -> dict[str, Any]:
    """Return an operation's documented request bodies by name; empty if the contract does not contain it."""
    content = descriptions().get(operation_id, {}).get("requestBody", {}).get("content", {}).get("application/json", {})
    return {name: _within_the_window(value) for name, value in _values(content).items()}


def response_examples(operation_id: str) -> dict[str, Any]:
    """Return the documented bodies of an operation's successful response, by name."""
    return _values(_json(_response(operation_id, 200)))


def sample_names() -> set[str]:
    """Return the names under which `check` and the receiver of webhooks compare the documented samples."""
    responses = ((operation_id, name) for operation_id in descriptions() for name in _success_examples(operation_id))
    return {f"{operation_id} 200 {name}" for operation_id, name in responses} | set(webhooks())


def response_schema(operation_id: str, status: int) -> Any:
    """Return the schema of a documented response with all referenced schemas; the schema of null if it has no body."""
    response = _response(operation_id, status)
    if "content" not in response:
        return {"const": None}
    return {**_json(response)["schema"], "components": document()["components"]}


def resolved(node: dict[str, Any]) -> dict[str, Any]:
    """Return the target of a reference in the contract, or the node itself."""
    found: Any = node
    if "$ref" in node:
        found = document()
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
    return dict(found)


# Checking responses


def check(operation_id: str, response: requests.Response, example: str | None = None) -> Any:
    """Return the response's JSON after checking status, schema and, if given, the example."""
    schema = response_schema(operation_id, response.status_code)
    if response.status_code == 204:
        assert response.content == b""
        return None
    value = response.json()
    errors = schema_errors(schema, value)
    assert not errors, errors
    if example is not None:
        sample = _values(_json(_response(operation_id, response.status_code)))[example]
        different = REPLAYS.compare(f"{operation_id} {response.status_code} {example}", sample, value)
        assert not different, different
    return value


def schema_errors(schema: Any, value: Any) -> list[str]:
    """Return the differences between a value and its schema."""
    validator = Draft202012Validator(schema, format_checker=FormatChecker(["date-time"]))
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def missing_keys(example: Any, value: Any) -> list[str]:
    """Return the paths of the members of an example that a value lacks, or has with another type."""
    return [difference.path for difference in differences(example, value) if difference.severity == "high"]


def _success_examples(operation_id: str) -> dict[str, Any]:
    response = resolved(descriptions()[operation_id]["responses"].get("200", {}))
    return _values(_json(response)) if "content" in response else {}


def _query(operation: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (parameter["name"], YESTERDAY.get(parameter["name"]) or _value(resolved(parameter["schema"])))
        for parameter in query_parameters(operation["operationId"])
    ]


def _value(schema: dict[str, Any]) -> str:
    if schema.get("type") == "array":
        return _value(resolved(schema["items"]))
    if "enum" in schema:
        return str(schema["enum"][0])
    by_format = {"date-time": YESTERDAY["start_time"]}
    by_type = {"integer": "20", "boolean": "false"}
    return by_format.get(schema.get("format", "")) or by_type.get(schema.get("type", ""), "some value")


def _body(operation_id: str) -> Any:
    return next(iter(examples(operation_id).values()), None)


def _within_the_window(body: Any) -> Any:
    """Return the body with its time range moved to yesterday, because 100ms keeps events for 30 days."""
    if not isinstance(body, dict):
        return body
    return body | {name: instant for name, instant in YESTERDAY.items() if name in body}


def _response(operation_id: str, status: int) -> dict[str, Any]:
    responses = descriptions()[operation_id]["responses"]
    assert str(status) in responses, f"{operation_id} does not document {status}"
    return resolved(responses[str(status)])


def _json(body: dict[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = body["content"]["application/json"]
    return content


def _values(content: dict[str, Any]) -> dict[str, Any]:
    return {name: resolved(example)["value"] for name, example in content.get("examples", {}).items()}

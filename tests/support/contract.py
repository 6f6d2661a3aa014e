"""The operations of contract/100ms.openapi.yaml, with samples of what a caller may send."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, cast

import yaml

from tests.http_api import ROOT

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
        """The path with its parameters' samples, as it is before any encoding."""
        return filled(self.path, **arguments)


def filled(path: str, **arguments: str) -> str:
    return re.sub(r"{(\w+)}", lambda match: sample(match[1], **arguments), path)


def sample(parameter: str, **arguments: str) -> str:
    return arguments.get(parameter) or SAMPLES.get(parameter) or OBJECT_ID


@cache
def document() -> dict[str, Any]:
    return cast(dict[str, Any], yaml.safe_load((ROOT / "contract" / "100ms.openapi.yaml").read_text()))


@cache
def operations() -> dict[str, Operation]:
    return {
        operation["operationId"]: Operation(method.upper(), path, _query(operation), _body(operation))
        for path, item in document()["paths"].items()
        for method, operation in item.items()
        if method in {"get", "post", "delete"}
    }


def _query(operation: dict[str, Any]) -> list[tuple[str, str]]:
    parameters = [resolved(parameter) for parameter in operation.get("parameters", [])]
    return [
        (each["name"], YESTERDAY.get(each["name"]) or _value(resolved(each["schema"])))
        for each in parameters
        if each["in"] == "query"
    ]


def _value(schema: dict[str, Any]) -> str:
    if schema.get("type") == "array":
        return _value(resolved(schema["items"]))
    if "enum" in schema:
        return str(schema["enum"][0])
    by_format = {"date-time": YESTERDAY["start_time"]}
    by_type = {"integer": "20", "boolean": "false"}
    return by_format.get(schema.get("format", "")) or by_type.get(schema.get("type", ""), "some value")


def examples(operation_id: str) -> dict[str, Any]:
    """The documented request bodies of an operation by name."""
    for item in document()["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict) and operation.get("operationId") == operation_id:
                return _examples(operation)
    raise KeyError(operation_id)


def _examples(operation: dict[str, Any]) -> dict[str, Any]:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return {name: _within_the_window(example["value"]) for name, example in content.get("examples", {}).items()}


def _within_the_window(body: Any) -> Any:
    """The body with its time range moved to yesterday, since 100ms keeps what it has for thirty days."""
    if not isinstance(body, dict):
        return body
    return body | {name: instant for name, instant in YESTERDAY.items() if name in body}


def _body(operation: dict[str, Any]) -> Any:
    return next(iter(_examples(operation).values()), None)


def resolved(node: dict[str, Any]) -> dict[str, Any]:
    """What a reference of the contract names, or the node itself."""
    if "$ref" not in node:
        return node
    found: Any = document()
    for step in node["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return cast(dict[str, Any], found)

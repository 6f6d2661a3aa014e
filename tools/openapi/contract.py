"""Reads operations of 100ms with their responses and schemas from contract/100ms.openapi.yaml."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any, cast

import yaml

from tools.openapi.models import REF, Schema
from tools.openapi.routes import ROOT

UNDOCUMENTED = "Not documented"


@cache
def _contract() -> dict[str, Any]:
    return cast(dict[str, Any], yaml.safe_load((ROOT / "contract" / "100ms.openapi.yaml").read_text()))


def find_operation(method: str, path: str) -> dict[str, Any]:
    """Return the operation of a method and a path.

    Raises:
        KeyError: The contract has no such operation.
    """
    for known, item in _contract()["paths"].items():
        if _shape(known) == _shape(path) and method.lower() in item:
            operation = item[method.lower()]
            parameters = [
                _resolve(parameter) for parameter in [*item.get("parameters", []), *operation.get("parameters", [])]
            ]
            return {**operation, "parameters": parameters}
    raise KeyError(f"{method} {path}")


def error_examples(operation: dict[str, Any], status: int) -> dict[str, Any]:
    """Return examples of the errors of 100ms with this status, by message."""
    texts = [error["text"] for error in operation.get("x-errors", ()) if error["status"] == status]
    return {text: {"value": {"code": status, "message": text, "details": []}} for text in dict.fromkeys(texts)}


class UpstreamResponses:
    """Responses of 100ms, and the schemas that they refer to.

    Args:
        reserved_names: names of request schemas. A response schema with such a name gets the suffix `Reply`.

    Attributes:
        schemas: schemas that the responses so far refer to, by name.
    """

    def __init__(self, reserved_names: Iterable[str]) -> None:
        self._reserved_names = frozenset(reserved_names)
        self.schemas: dict[str, Schema] = {}

    def for_operation(self, operation: dict[str, Any]) -> dict[int, dict[str, Any]]:
        """Return the operation's responses by status, without the contract's extensions (`x-…`)."""
        return {
            int(status): self._publishable(_resolve(response)) for status, response in operation["responses"].items()
        }

    def _publishable(self, node: Any) -> Any:
        if isinstance(node, list):
            return [self._publishable(parameter) for parameter in node]
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            name = node["$ref"].removeprefix(REF)
            return self._publishable(_resolve(node)) if name == node["$ref"] else {"$ref": REF + self._schema(name)}
        published = {name: self._publishable(value) for name, value in node.items() if not str(name).startswith("x-")}
        if isinstance(published.get("description"), str) and published["description"].startswith(UNDOCUMENTED):
            published["description"] = "The response of 100ms. Its documentation does not describe it."
        return published

    def _schema(self, name: str) -> str:
        """Add a schema of the contract and return its name in the document."""
        schema_name = f"{name}Reply" if name in self._reserved_names else name
        if schema_name not in self.schemas:
            self.schemas[schema_name] = {}
            self.schemas[schema_name] = self._publishable(_contract()["components"]["schemas"][name])
        return schema_name


def _shape(path: str) -> str:
    return re.sub(r"{\w+}", "{}", path)


def _resolve(node: dict[str, Any]) -> dict[str, Any]:
    resolved: Any = node
    if "$ref" in node:
        resolved = _contract()
        for step in node["$ref"].removeprefix("#/").split("/"):
            resolved = resolved[step]
    return cast(dict[str, Any], resolved)

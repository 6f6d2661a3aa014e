"""What 100ms answers, from its contract: the operation behind a request, its responses, and the schemas these name."""

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
    """The operation that a request of this shape calls.

    Raises:
        KeyError: the contract has none.
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
    """Examples of what 100ms says with the status, by its words."""
    texts = [error["text"] for error in operation.get("x-errors", ()) if error["status"] == status]
    return {text: {"value": {"code": status, "message": text, "details": []}} for text in dict.fromkeys(texts)}


class UpstreamResponses:
    """What 100ms answers, with the schemas that the answers name.

    Args:
        reserved_names: names that requests have; a schema of 100ms of such a name is called a reply.

    Attributes:
        schemas: those named so far, by the names that they have here.
    """

    def __init__(self, reserved_names: Iterable[str]) -> None:
        self._reserved_names = frozenset(reserved_names)
        self.schemas: dict[str, Schema] = {}

    def for_operation(self, operation: dict[str, Any]) -> dict[int, dict[str, Any]]:
        """The operation's responses by status, without what the contract keeps for itself."""
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
            published["description"] = "What 100ms answers; its documentation does not say what that is."
        return published

    def _schema(self, name: str) -> str:
        """What the schema is called here, where it is from now on."""
        schema_name = f"{name}Reply" if name in self._reserved_names else name
        if schema_name not in self.schemas:
            self.schemas[schema_name] = {}
            self.schemas[schema_name] = self._publishable(_contract()["components"]["schemas"][name])
        return schema_name


def _shape(path: str) -> str:
    return re.sub(r"{\w+}", "{}", path)


def _resolve(node: dict[str, Any]) -> dict[str, Any]:
    found: Any = node
    if "$ref" in node:
        found = _contract()
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
    return cast(dict[str, Any], found)

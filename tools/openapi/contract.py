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


def operation_of(method: str, path: str) -> dict[str, Any]:
    """The operation that a request of this shape calls.

    Raises:
        KeyError: the contract has none.
    """
    for known, item in _contract()["paths"].items():
        if _shape(known) == _shape(path) and method.lower() in item:
            operation = item[method.lower()]
            parameters = [_resolved(each) for each in [*item.get("parameters", []), *operation.get("parameters", [])]]
            return {**operation, "parameters": parameters}
    raise KeyError(f"{method} {path}")


def errors_of(operation: dict[str, Any], status: int) -> dict[str, Any]:
    """Examples of what 100ms says with the status, by its words."""
    texts = [it["text"] for it in operation.get("x-errors", ()) if it["status"] == status]
    return {text: {"value": {"code": status, "message": text, "details": []}} for text in dict.fromkeys(texts)}


class Replies:
    """What 100ms answers, with the schemas that the answers name.

    Args:
        taken: names that requests have; a schema of 100ms of such a name is called a reply.

    Attributes:
        schemas: those named so far, by the names that they have here.
    """

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = frozenset(taken)
        self.schemas: dict[str, Schema] = {}

    def of(self, operation: dict[str, Any]) -> dict[int, dict[str, Any]]:
        """The operation's responses by status, without what the contract keeps for itself."""
        return {int(status): self._public(_resolved(it)) for status, it in operation["responses"].items()}

    def _public(self, node: Any) -> Any:
        if isinstance(node, list):
            return [self._public(each) for each in node]
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            name = node["$ref"].removeprefix(REF)
            return self._public(_resolved(node)) if name == node["$ref"] else {"$ref": REF + self._schema(name)}
        told = {name: self._public(value) for name, value in node.items() if not str(name).startswith("x-")}
        if isinstance(told.get("description"), str) and told["description"].startswith(UNDOCUMENTED):
            told["description"] = "What 100ms answers; its documentation does not say what that is."
        return told

    def _schema(self, name: str) -> str:
        """What the schema is called here, where it is from now on."""
        called = f"{name}Reply" if name in self._taken else name
        if called not in self.schemas:
            self.schemas[called] = {}
            self.schemas[called] = self._public(_contract()["components"]["schemas"][name])
        return called


def _shape(path: str) -> str:
    return re.sub(r"{\w+}", "{}", path)


def _resolved(node: dict[str, Any]) -> dict[str, Any]:
    found: Any = node
    if "$ref" in node:
        found = _contract()
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
    return cast(dict[str, Any], found)

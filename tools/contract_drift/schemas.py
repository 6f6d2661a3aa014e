"""The documented schemas of responses and webhooks, closed: a member that is not documented does not match."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

import yaml

Schema = dict[str, Any]

ROOT = Path(__file__).parents[2]
COMPARED = ("required", "enum", "const", "$ref")
"""Keywords that are kept unchanged. `enum` and `const` distinguish the branches of `oneOf`."""


class Document:
    """An OpenAPI document.

    Args:
        content: the document.
        all_required: whether a schema without `required` requires each member, unless `x-in-sample` is false.
    """

    def __init__(self, content: Mapping[str, Any], *, all_required: bool = False) -> None:
        self._content = content
        self._all_required = all_required
        self._components = {
            "schemas": {name: self._closed(schema) for name, schema in content["components"]["schemas"].items()}
        }

    def response(self, method: str, path: str, status: int) -> Schema | None:
        """Return the schema of a response; None if the document has none."""
        operation = self._content["paths"].get(path, {}).get(method.lower(), {})
        return self._content_schema(self._resolved(operation.get("responses", {}).get(str(status), {})))

    def webhook(self, event_type: str) -> Schema | None:
        """Return the schema of a webhook; None if the document has none."""
        return self._content_schema(
            self._content["webhooks"].get(event_type, {}).get("post", {}).get("requestBody", {})
        )

    def _content_schema(self, node: Mapping[str, Any]) -> Schema | None:
        schema = node.get("content", {}).get("application/json", {}).get("schema")
        return {**self._closed(schema), "components": self._components} if schema else None

    def _closed(self, schema: Schema) -> Schema:
        schema = self._merged(schema)
        closed = {keyword: schema[keyword] for keyword in COMPARED if keyword in schema}
        if "type" in schema:
            closed["type"] = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
        if "properties" in schema:
            members: dict[str, Schema] = schema["properties"]
            closed["properties"] = {name: self._closed(member) for name, member in members.items()}
            closed["additionalProperties"] = False
            if self._all_required and "required" not in schema:
                closed["required"] = [name for name, member in members.items() if member.get("x-in-sample", True)]
        elif isinstance(schema.get("additionalProperties"), dict):
            closed["additionalProperties"] = self._closed(schema["additionalProperties"])
        if "items" in schema:
            closed["items"] = self._closed(schema["items"])
        for keyword in ("oneOf", "anyOf"):
            # Beside `properties` the branches hold ranges only.
            if keyword in schema and "properties" not in schema:
                closed["anyOf"] = [self._closed(branch) for branch in schema[keyword]]
        return closed

    def _merged(self, schema: Schema) -> Schema:
        """Return the schema with the parts of its `allOf` in one object."""
        if "allOf" not in schema:
            return schema
        rest = {keyword: value for keyword, value in schema.items() if keyword != "allOf"}
        parts = [*(self._merged(self._resolved(part)) for part in schema["allOf"]), rest]
        members = {name: member for part in parts for name, member in part.get("properties", {}).items()}
        required = [name for part in parts for name in part.get("required", ())]
        return {**rest, "type": "object", "properties": members, "required": required}

    def _resolved(self, node: Mapping[str, Any]) -> dict[str, Any]:
        found: Any = node
        if "$ref" in node:
            found = self._content
            for step in node["$ref"].removeprefix("#/").split("/"):
                found = found[step]
        return cast(dict[str, Any], found)


@cache
def api_document() -> Document:
    """Return the API's own document. Its responses are those of the contract, and it has every route."""
    return Document(json.loads((ROOT / "docs" / "openapi.json").read_text()))


@cache
def webhooks_document() -> Document:
    """Return the contract's document of webhooks. A member of a documented sample is required."""
    content = yaml.safe_load((ROOT / "contract" / "webhooks.openapi.yaml").read_text())
    return Document(content, all_required=True)

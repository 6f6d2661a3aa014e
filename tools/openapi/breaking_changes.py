"""Finds breaking changes of the API. Each line of docs/openapi-promises.txt is something that callers can rely on."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from tools.openapi.models import REF, Schema
from tools.openapi.routes import ROOT

PROMISES = ROOT / "docs" / "openapi-promises.txt"
DESCRIPTIVE_MEMBERS = frozenset({"description", "example", "examples"})
NEEDS = "needs"

Document = dict[str, Any]


def list_promises(document: Document) -> list[str]:
    """Return the promises of a document, sorted. Lines that begin with `needs` are requirements for callers."""
    lines: set[str] = set()
    for path, verbs in document["paths"].items():
        for verb, operation in verbs.items():
            lines.update(_operation_promises(f"{verb.upper()} {path}", operation))
    schemas = document["components"]["schemas"]
    for name in _referenced_schemas(document["paths"], schemas, "requestBody"):
        lines.update(f"{NEEDS} {name}.{member}" for member in schemas[name].get("required", ()))
    for name in _referenced_schemas(document["paths"], schemas, "responses"):
        lines.update(f"{name}.{member} is always there" for member in schemas[name].get("required", ()))
    for name, schema in schemas.items():
        lines.update(f"{name}.{member} {_compact(item)}" for member, item in schema.get("properties", {}).items())
        rest = {member: value for member, value in schema.items() if member not in ("properties", "required")}
        lines.add(f"{name} {_compact(rest)}")
    return sorted(lines)


def find_breaking_changes(older: Iterable[str], newer: Iterable[str]) -> list[str]:
    """Return removed promises, and new requirements of operations and schemas that existed before."""
    older, newer = set(older), set(newer)
    removed = [f"gone: {line}" for line in older - newer if not line.startswith(f"{NEEDS} ")]
    known_subjects = {_subject(line) for line in older}
    added_needs = [line for line in newer - older if line.startswith(f"{NEEDS} ") and _subject(line) in known_subjects]
    return sorted(removed) + sorted(f"new: {line}" for line in added_needs)


def _operation_promises(operation_name: str, operation: dict[str, Any]) -> Iterator[str]:
    yield operation_name
    yield f"{operation_name} is {operation['operationId']}"
    yield f"{NEEDS} {operation_name} {json.dumps(operation['security'])} {operation.get('x-scope', 'no scope')}"
    for parameter in operation.get("parameters", ()):
        if "$ref" in parameter:
            yield f"{operation_name} {parameter['$ref'].rpartition('/')[2]}"
        else:
            yield f"{operation_name} {parameter['in']} {parameter['name']} {_compact(parameter['schema'])}"
            if parameter.get("required"):
                yield f"{NEEDS} {operation_name} {parameter['in']} {parameter['name']}"
    body = operation.get("requestBody")
    if body:
        yield f"{operation_name} takes {_compact(body['content']['application/json']['schema'])}"
        if body["required"]:
            yield f"{NEEDS} {operation_name} a body"
    for status, response in operation["responses"].items():
        if status < "400":
            yield f"{operation_name} answers {status}"
            for media_type, content in response.get("content", {}).items():
                yield f"{operation_name} {status} {media_type} {_compact(content.get('schema', {}))}"


def _subject(line: str) -> str:
    """Return the operation or the schema of a line."""
    first, *others = line.removeprefix(f"{NEEDS} ").split(" ")
    return f"{first} {others[0]}" if first.isupper() else first.partition(".")[0]


def _referenced_schemas(paths: Any, schemas: dict[str, Schema], within: str) -> set[str]:
    """Return the names of the schemas that a member of the operations refers to, directly or indirectly."""
    pending = [ref for verbs in paths.values() for verb in verbs.values() for ref in _references(verb.get(within))]
    names: set[str] = set()
    while pending:
        name = pending.pop()
        if name not in names:
            names.add(name)
            pending += _references(schemas[name])
    return names


def _references(node: Any) -> list[str]:
    if isinstance(node, list):
        return [ref for item in node for ref in _references(item)]
    if not isinstance(node, dict):
        return []
    reference = node.get("$ref")
    own = [reference.removeprefix(REF)] if isinstance(reference, str) and reference.startswith(REF) else []
    return own + [ref for value in node.values() for ref in _references(value)]


def _compact(schema: Any) -> str:
    return json.dumps(_without_descriptions(schema), sort_keys=True, separators=(",", ":"))


def _without_descriptions(node: Any) -> Any:
    if isinstance(node, dict):
        return {name: _without_descriptions(value) for name, value in node.items() if name not in DESCRIPTIVE_MEMBERS}
    return [_without_descriptions(item) for item in node] if isinstance(node, list) else node

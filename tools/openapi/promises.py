"""What callers may build on, a line each: what is in an older document and not in a newer one breaks them."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from tools.openapi.models import REF, Schema
from tools.openapi.routes import ROOT

PROMISES = ROOT / "docs" / "openapi-promises.txt"
TELLS_PEOPLE = frozenset({"description", "example", "examples"})
NEEDS = "needs"

Document = dict[str, Any]


def promises_of(document: Document) -> list[str]:
    """The lines, sorted. A line that begins with `needs` is one that callers must keep, not the service."""
    lines: set[str] = set()
    for path, verbs in document["paths"].items():
        for verb, operation in verbs.items():
            lines.update(_of_operation(f"{verb.upper()} {path}", operation))
    schemas = document["components"]["schemas"]
    for name in _named(document["paths"], schemas, "requestBody"):
        lines.update(f"{NEEDS} {name}.{member}" for member in schemas[name].get("required", ()))
    for name in _named(document["paths"], schemas, "responses"):
        lines.update(f"{name}.{member} is always there" for member in schemas[name].get("required", ()))
    for name, schema in schemas.items():
        lines.update(f"{name}.{member} {_compact(it)}" for member, it in schema.get("properties", {}).items())
        rest = {member: it for member, it in schema.items() if member not in ("properties", "required")}
        lines.add(f"{name} {_compact(rest)}")
    return sorted(lines)


def broken(older: Iterable[str], newer: Iterable[str]) -> list[str]:
    """What breaks those who built on the older lines: a promise that is gone, or a need that is new where they call."""
    older, newer = set(older), set(newer)
    gone = [f"gone: {line}" for line in older - newer if not line.startswith(f"{NEEDS} ")]
    called = {_subject(line) for line in older}
    needed = [line for line in newer - older if line.startswith(f"{NEEDS} ") and _subject(line) in called]
    return sorted(gone) + sorted(f"new: {line}" for line in needed)


def _of_operation(called: str, operation: dict[str, Any]) -> Iterator[str]:
    yield called
    yield f"{called} is {operation['operationId']}"
    yield f"{NEEDS} {called} {json.dumps(operation['security'])} {operation.get('x-scope', 'no scope')}"
    for parameter in operation.get("parameters", ()):
        if "$ref" in parameter:
            yield f"{called} {parameter['$ref'].rpartition('/')[2]}"
        else:
            yield f"{called} {parameter['in']} {parameter['name']} {_compact(parameter['schema'])}"
            if parameter.get("required"):
                yield f"{NEEDS} {called} {parameter['in']} {parameter['name']}"
    body = operation.get("requestBody")
    if body:
        yield f"{called} takes {_compact(body['content']['application/json']['schema'])}"
        if body["required"]:
            yield f"{NEEDS} {called} a body"
    for status, response in operation["responses"].items():
        if status < "400":
            yield f"{called} answers {status}"
            for media_type, content in response.get("content", {}).items():
                yield f"{called} {status} {media_type} {_compact(content.get('schema', {}))}"


def _subject(line: str) -> str:
    """Which operation or schema a line is about."""
    first, *others = line.removeprefix(f"{NEEDS} ").split(" ")
    return f"{first} {others[0]}" if first.isupper() else first.partition(".")[0]


def _named(paths: Any, schemas: dict[str, Schema], within: str) -> set[str]:
    """The schemas that are named within all members of that name, and those that these name."""
    left = [ref for verbs in paths.values() for it in verbs.values() for ref in _references(it.get(within))]
    found: set[str] = set()
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += _references(schemas[name])
    return found


def _references(node: Any) -> list[str]:
    if isinstance(node, list):
        return [ref for each in node for ref in _references(each)]
    if not isinstance(node, dict):
        return []
    reference = node.get("$ref")
    own = [reference.removeprefix(REF)] if isinstance(reference, str) and reference.startswith(REF) else []
    return own + [ref for each in node.values() for ref in _references(each)]


def _compact(schema: Any) -> str:
    return json.dumps(_told(schema), sort_keys=True, separators=(",", ":"))


def _told(node: Any) -> Any:
    if isinstance(node, dict):
        return {name: _told(value) for name, value in node.items() if name not in TELLS_PEOPLE}
    return [_told(each) for each in node] if isinstance(node, list) else node

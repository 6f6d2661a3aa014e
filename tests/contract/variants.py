"""Requests generated from the contract's schemas: a full valid one, and many that each violate one rule."""

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from tests.support.contract import OBJECT_ID, YESTERDAY, descriptions, document, query_parameters, resolved

Path = tuple[str | int, ...]
Schema = dict[str, Any]

BY_PATTERN = {
    "^[a-zA-Z0-9 @.:_-]+$": "a name@1",
    "^[a-zA-Z0-9 .:_-]+$": "a name",
    "^[0-9*#abcd]$": "7",
    "^rtmps?://": "rtmps://example.com/live",
}
BY_NAME: dict[str, Any] = {"width": 1280, "height": 720, **YESTERDAY}
WRONG_TYPE: dict[str, Any] = {"string": 7, "integer": "7", "number": "7", "boolean": "true", "array": {}, "object": []}


@dataclass(frozen=True)
class Variant:
    """A value that violates one rule.

    Attributes:
        rule: name of the rule.
        field: dotted path of the invalid member, as in the response.
        value: the value.
    """

    rule: str
    field: str
    value: Any


@cache
def body_schema(operation_id: str) -> Schema | None:
    """Return the schema of an operation's body."""
    content = descriptions()[operation_id].get("requestBody", {}).get("content", {}).get("application/json")
    return flat(content["schema"]) if content else None


@cache
def answer_names(operation_id: str) -> frozenset[str]:
    """Return the names in an operation's successful response. Callers may send them back."""
    return frozenset(_names(descriptions()[operation_id]["responses"]))


def flat(schema: Schema) -> Schema:
    """Return the schema with references resolved and `allOf` merged, one level deep."""
    schema = dict(resolved(schema))
    for part in schema.pop("allOf", []):
        merged = flat(part)
        schema["properties"] = {**merged.pop("properties", {}), **schema.get("properties", {})}
        schema["required"] = [*merged.pop("required", []), *schema.get("required", [])]
        schema = {**merged, **schema}
    if "oneOf" in schema:
        schema = flat(schema["oneOf"][0])
    return schema


def is_valid(operation_id: str, value: Any) -> bool:
    """Return True if the contract accepts the value as the operation's body."""
    schema = descriptions()[operation_id]["requestBody"]["content"]["application/json"]["schema"]
    return Draft202012Validator({**schema, "components": document()["components"]}).is_valid(value)


def full(schema: Schema) -> Any:
    """Return a value with every member that the schema names."""
    schema = flat(schema)
    match schema:
        case {"enum": [first, *_]}:
            return first
        case {"type": "object"} | {"properties": _}:
            properties = schema.get("properties", {}).items()
            members = {name: BY_NAME.get(name) or full(item) for name, item in properties if "not" not in item}
            if isinstance(extra := schema.get("additionalProperties"), dict) and not members:
                return {"key": full(extra)}
            return members
        case {"type": "array"}:
            return [full(schema["items"])]
        case {"type": "integer" | "number"}:
            low = schema.get("minimum", 1)
            return low if "multipleOf" not in schema else -(-low // schema["multipleOf"]) * schema["multipleOf"]
        case {"type": "boolean"}:
            return True
        case {"pattern": pattern}:
            return BY_PATTERN[pattern]
        case {"format": "date-time"}:
            return "2026-11-20T10:00:00.000Z"
    return OBJECT_ID


def broken(operation_id: str, value: Any) -> Iterator[Variant]:
    """Yield variants of a valid body that the contract rejects, or that contain a misspelling of a known name."""
    schema = body_schema(operation_id)
    assert schema is not None
    for path, item, parent in _walk(schema, value):
        for rule, bad in _bad_values(item):
            variant = _with(value, path, bad)
            if not is_valid(operation_id, variant):
                yield Variant(rule, _dotted(path), variant)
        if parent is None or not isinstance(path[-1], str):
            continue
        without = _without(value, path)
        if path[-1] in parent.get("required", []):
            yield Variant("missing", _dotted(path), without)
        known = set(parent.get("properties", {}))
        if path[-1] in known:
            for name in _misspelt(path[-1]) - known - answer_names(operation_id):
                misspelt = (*path[:-1], name)
                yield Variant("misspelt", _dotted(misspelt), _with(without, misspelt, _at(value, path)))


def broken_queries(operation_id: str, query: list[tuple[str, str]]) -> Iterator[Variant]:
    """Yield variants of a valid query, each with one invalid parameter."""
    known = {parameter["name"] for parameter in query_parameters(operation_id)}
    for parameter in query_parameters(operation_id):
        name, schema = parameter["name"], flat(parameter["schema"])
        others = [pair for pair in query if pair[0] != name]
        values = {
            "integer": [("wrong type", "many"), ("wrong type", "1.5")],
            "boolean": [("wrong type", "maybe"), ("wrong type", "1")],
        }.get(schema.get("type", ""), [])
        values += [("below", str(schema["minimum"] - 1))] if "minimum" in schema else []
        values += [("above", str(schema["maximum"] + 1))] if "maximum" in schema else []
        values += [("enum", "no-such-value")] if "enum" in schema else []
        if schema.get("format") == "date-time":
            values += [("format", value) for value in ("yesterday", "20260101T000000Z", "2026-01-01 00:00:00+00:00")]
        for rule, value in values:
            yield Variant(rule, name, [*others, (name, value)])
        if parameter.get("required"):
            yield Variant("missing", name, others)
        for misspelt in _misspelt(name) - known:
            yield Variant("misspelt", misspelt, [*others, (misspelt, "20")])


def _bad_values(schema: Schema) -> Iterator[tuple[str, Any]]:
    kind = schema.get("type")
    if isinstance(kind, str) and kind in WRONG_TYPE:
        yield "wrong type", WRONG_TYPE[kind]
    if kind == "integer":
        yield "wrong type", 7.5
    if "enum" in schema:
        yield "enum", "no-such-value"
    if "minimum" in schema:
        yield "below", schema["minimum"] - 1
    if "maximum" in schema:
        yield "above", schema["maximum"] + schema.get("multipleOf", 1)
    if "maxLength" in schema:
        yield "too long", "x" * (schema["maxLength"] + 1)
    if "pattern" in schema:
        yield "pattern", "no such ü text!"
    if "minItems" in schema:
        yield "too few", []
    if "maxItems" in schema:
        yield "too many", [full(schema["items"])] * (schema["maxItems"] + 1)


def _misspelt(name: str) -> set[str]:
    """Yield likely misspellings of a name: other case, a missing letter, two swapped letters."""
    snake = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    camel = re.sub(r"_(\w)", lambda match: match[1].upper(), name)
    swapped = name[:-2] + name[-1] + name[-2]
    return ({snake, camel, name.capitalize()} | ({name[:-1], swapped} if len(name) > 4 else set())) - {name}


def _walk(schema: Schema, value: Any, path: Path = (), parent: Schema | None = None) -> Iterator[Any]:
    """Yield path, schema and parent schema of every member of the value."""
    schema = flat(schema)
    if path:
        yield path, schema, parent
    if isinstance(value, dict):
        for name, member in value.items():
            below = schema.get("properties", {}).get(name) or schema.get("additionalProperties")
            if isinstance(below, dict):
                yield from _walk(below, member, (*path, name), schema)
    if isinstance(value, list) and value:
        yield from _walk(schema["items"], value[0], (*path, 0), None)


def _with(value: Any, path: Path, member: Any) -> Any:
    changed = copy.deepcopy(value)
    _at(changed, path[:-1])[path[-1]] = member
    return changed


def _without(value: Any, path: Path) -> Any:
    changed = copy.deepcopy(value)
    del _at(changed, path[:-1])[path[-1]]
    return changed


def _at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def _dotted(path: Path) -> str:
    return ".".join(str(step) for step in path)


def _names(node: Any, depth: int = 0) -> Iterator[str]:
    if isinstance(node, dict) and depth < 30:
        node = resolved(node)
        yield from node.get("properties", {})
        for name, value in node.items():
            if name not in ("example", "examples"):
                yield from _names(value, depth + 1)
    elif isinstance(node, list):
        for value in node:
            yield from _names(value, depth + 1)

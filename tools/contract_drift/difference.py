"""Finds the differences between a JSON value and its documented schema."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from tools.contract_drift.schemas import Schema

UNKNOWN = "unknown member"
MISSING = "missing member"
OTHER_TYPE = "other type"
WHOLE = "(all)"
"""The path of the value itself."""

MEMBER_NAME = re.compile(r"(?!(?:\D*\d){5})[A-Za-z_]\w{0,39}", re.ASCII)
"""Unknown names that match are printed. Other names may be IDs, codes or names of people, such as keys of a map."""


@dataclass(frozen=True, slots=True, order=True)
class Difference:
    """A difference between a value and its schema. Contains names and types only.

    Attributes:
        kind: `unknown member`, `missing member` or `other type`.
        path: path of the member, such as `data[].size`; `*` is any key of a map.
        types: the actual type, and the documented types.
    """

    kind: str
    path: str
    types: str = ""

    def __str__(self) -> str:
        return f"{self.kind}  {self.path}{': ' if self.types else ''}{self.types}"


def _missing_members(_: Any, names: list[str], value: Any, __: Schema) -> Iterator[ValidationError]:
    """Yield an error for each missing member. Unlike the library's, its message is the name."""
    if isinstance(value, dict):
        yield from (ValidationError(name) for name in names if name not in value)


_Validator = extend(Draft202012Validator, {"required": _missing_members})  # type: ignore[no-untyped-call]


def compare(schema: Schema, value: Any) -> frozenset[Difference]:
    """Return the differences between a JSON value and a closed schema."""
    return frozenset(_differences(_Validator(schema).iter_errors(value)))


def compare_json(schema: Schema, body: bytes) -> frozenset[Difference]:
    """Return the differences between a body and a closed schema. Another format than JSON is one."""
    try:
        value = json.loads(body)
    except ValueError:
        return frozenset({Difference(OTHER_TYPE, WHOLE, "not JSON, documented: JSON")})
    return compare(schema, value)


def _differences(errors: Iterable[Any]) -> Iterator[Difference]:
    for error in errors:
        path = _path(error.absolute_schema_path)
        match error.validator:
            case "required":
                yield Difference(MISSING, _joined(path, error.message))
            case "additionalProperties":
                for name in error.instance.keys() - error.schema["properties"].keys():
                    shown = name if MEMBER_NAME.fullmatch(name) else "*"
                    yield Difference(UNKNOWN, _joined(path, shown), json_type(error.instance[name]))
            case "type":
                yield _other_type(path, error.instance, error.validator_value)
            case "anyOf":
                yield from _differences_of_branches(path, error)


def _differences_of_branches(path: str, error: Any) -> Iterator[Difference]:
    """Yield the differences from the branch that fits best; one difference if the value has no branch's type."""
    groups = groupby(error.context, key=lambda child: child.schema_path[0])
    branches: list[list[Any]] = [list(branch) for _, branch in groups]
    typed = [branch for branch in branches if not any(_is_about_the_type(child) for child in branch)]
    if typed:
        nearest = min(typed, key=lambda branch: (_other_values(branch), len(branch)))
        yield from _differences(nearest)
    else:
        types = [child.validator_value for branch in branches for child in branch if _is_about_the_type(child)]
        yield _other_type(path, error.instance, list(dict.fromkeys(chain.from_iterable(types))))


def _is_about_the_type(error: Any) -> bool:
    return error.validator == "type" and not error.relative_path


def _other_values(errors: Sequence[Any]) -> int:
    return sum(error.validator in ("enum", "const") for error in errors)


def _other_type(path: str, value: Any, documented: Sequence[str]) -> Difference:
    return Difference(OTHER_TYPE, path or WHOLE, f"{json_type(value)}, documented: {' or '.join(documented)}")


def _path(steps: Sequence[str | int]) -> str:
    """Return the path of a member by the schema's names, so that it holds no key of a map."""
    path = ""
    remaining = iter(list(steps)[:-1])
    for step in remaining:
        if step == "properties":
            path = _joined(path, str(next(remaining)))
        elif step == "additionalProperties":
            path = _joined(path, "*")
        elif step == "items":
            path += "[]"
        elif step == "anyOf":
            next(remaining)
    return path


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def json_type(value: Any) -> str:
    """Return the name that JSON Schema has for the value's type."""
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return names.get(type(value), "null")

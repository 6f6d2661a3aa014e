"""The written contract, for what can be read off it: the operations there are, and the shape of their bodies."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.protocols import Validator

from simulator.errors import invalid_body

_CONTRACT_FOLDER = Path(__file__).parents[1] / "contract"


@dataclass(frozen=True)
class Operation:
    """One call of the API; `path` has no /v2 and names its parameters in braces."""

    id: str
    method: str
    path: str


def document(name: str = "100ms") -> dict[str, Any]:
    """A document of the contract: the API's, or that of the `webhooks`."""
    return _load_document(name)


@cache
def validator(schema: str) -> Validator:
    """What compares values, their instants included, with a schema of the API's components."""
    schema_document = {"$ref": f"#/components/schemas/{schema}", "components": document()["components"]}
    return Draft202012Validator(schema_document, format_checker=FormatChecker(["date-time"]))


def operations() -> Iterator[Operation]:
    """Every operation of the contract."""
    for path, item in document()["paths"].items():
        for method in item.keys() & {"get", "post", "delete"}:
            yield Operation(item[method]["operationId"], method.upper(), path)


def check_body(
    operation_id: str, body: dict[str, Any] | list[Any], documented_text: Callable[[ValidationError], str | None]
) -> None:
    """Compare a body with what the contract says of it.

    `documented_text` gives the text 100ms documents for an error, or None where there is none.
    Raises BadRequest with one detail a member.
    """
    details = error_details(_body_validator(operation_id).iter_errors(body), documented_text)
    if details:
        raise invalid_body(*details)


def error_details(
    errors: Iterable[ValidationError], documented_text: Callable[[ValidationError], str | None]
) -> list[str]:
    """The errors in words that never repeat a value, the first of each member."""
    details: dict[str, str] = {}
    for error in errors:
        member = ".".join(map(str, error.absolute_path))
        details.setdefault(member, documented_text(error) or f"Invalid body param: {_describe_error(member, error)}")
    return list(details.values())


def no_documented_text(_: ValidationError) -> None:
    """For bodies whose errors have no documented text."""


def _describe_error(member: str, error: ValidationError) -> str:
    if error.validator in ("required", "additionalProperties"):
        return f"{member}: {error.message}" if member else error.message
    rule = json.dumps(error.validator_value) if isinstance(error.validator_value, str | int | float) else ""
    return f"{member or 'body'} breaks the rule {error.validator} {rule}".rstrip()


@cache
def _load_document(name: str) -> dict[str, Any]:
    text = (_CONTRACT_FOLDER / f"{name}.openapi.yaml").read_text("utf-8")
    content: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe loaders
    return content


@cache
def _body_validator(operation_id: str) -> Validator:
    operation = next(operation for operation in operations() if operation.id == operation_id)
    operation_item = document()["paths"][operation.path][operation.method.lower()]
    schema = operation_item["requestBody"]["content"]["application/json"]["schema"]
    return Draft202012Validator({**schema, "components": document()["components"]})

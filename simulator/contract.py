"""Read the contract: its operations, and the schemas that validate their bodies."""

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

_CONTRACT_FOLDER = Path(__file__).parent / "openapi"  # links to contract/, and copies in the package


@dataclass(frozen=True)
class Operation:
    """One operation of the API. Its `path` omits /v2 and has its parameters in braces."""

    id: str
    method: str
    path: str


def document(name: str = "100ms") -> dict[str, Any]:
    """Return a document of the contract: `100ms` for the API, or `webhooks`."""
    return _load_document(name)


@cache
def validator(schema: str) -> Validator:
    """Return a validator for a schema of the API's components. It checks timestamps too."""
    schema_document = {"$ref": f"#/components/schemas/{schema}", "components": document()["components"]}
    return Draft202012Validator(schema_document, format_checker=FormatChecker(["date-time"]))


def operations() -> Iterator[Operation]:
    """Yield every operation of the contract."""
    for path, item in document()["paths"].items():
        for method in item.keys() & {"get", "post", "delete"}:
            yield Operation(item[method]["operationId"], method.upper(), path)


def check_body(
    operation_id: str, body: dict[str, Any] | list[Any], documented_text: Callable[[ValidationError], str | None]
) -> None:
    """Validate the body of an operation against the contract.

    `documented_text` returns the text that 100ms documents for an error, or None.
    Raises BadRequest with one detail per invalid member.
    """
    details = error_details(_body_validator(operation_id).iter_errors(body), documented_text)
    if details:
        raise invalid_body(*details)


def error_details(
    errors: Iterable[ValidationError], documented_text: Callable[[ValidationError], str | None]
) -> list[str]:
    """Return a text for the first error of each member. No text contains a value of the body."""
    details: dict[str, str] = {}
    for error in errors:
        member = ".".join(map(str, error.absolute_path))
        details.setdefault(member, documented_text(error) or f"Invalid body param: {_describe_error(member, error)}")
    return list(details.values())


def no_documented_text(_: ValidationError) -> None:
    """Return None: 100ms documents no text for this error."""


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

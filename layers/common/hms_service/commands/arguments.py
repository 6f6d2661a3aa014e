"""The arguments of a command, checked and bound to the operation that it names."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from hms.errors import BadRequest
from hms.operation import Operation
from hms.operations import all_operations
from hms.strict_json import JSON_TYPES
from hms.types import Body, query_pairs
from hms_service.http.route import MAX_QUERY_FIELDS
from hms_service.http.segments import is_segment

OPERATIONS = {name: operation for name, operation in all_operations().items() if operation.auth == "management"}
"""Operations that commands may name. Of the others, one returns a join token and one takes one: neither belongs in a
queue or on a bus."""

MAX_QUERY_BYTES = 10_240
"""What API Gateway takes of a request line and its headers."""


class Arguments(NamedTuple):
    """The arguments of an operation."""

    path_parameters: Mapping[str, str]
    query: Mapping[str, Any]
    body: Body | None


def operation_named(name: str) -> Operation:
    """Return the operation that a command names.

    Raises:
        BadRequest: There is none.
    """
    operation = OPERATIONS.get(name)
    if operation is None:
        raise BadRequest("Invalid command", details=["operation: there is no such command"])
    return operation


def bind(operation: Operation, arguments: Mapping[str, Any]) -> Arguments:
    """Return the arguments by their place. If the operation reads, those that are no path parameter are the query.

    Raises:
        BadRequest: An argument is missing, unknown or of another type; `details` name each.
    """
    rest = dict(arguments)
    path_parameters = {name: rest.pop(name, None) for name in operation.path_parameters}
    problems = [f"{name}: must be one path segment" for name, value in path_parameters.items() if not is_segment(value)]
    body = rest.pop("body", None)
    if operation.body is None:
        problems += [] if body in (None, {}) else ["body: this operation takes none"]
        body = None
    elif (body is None and operation.body_required) or (body is not None and not isinstance(body, operation.body_type)):
        problems.append(f"body: a JSON {JSON_TYPES[operation.body_type]} is required")
    if operation.reads:
        problems += _query_problems(rest)
    else:
        problems += [f"{name}: unknown argument" for name in rest]
    if problems:
        raise BadRequest("Invalid arguments", details=problems)
    return Arguments(path_parameters, rest if operation.reads else {}, body)


def _query_problems(query: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with query parameters, which have the bounds of HTTP requests."""
    problems = [f"{name}: must be a string, number or boolean" for name, value in query.items() if not _is_value(value)]
    if not problems and len(pairs := query_pairs(query)) > MAX_QUERY_FIELDS:
        problems.append(f"query: over {MAX_QUERY_FIELDS} fields")
    elif not problems and len(urlencode(pairs)) > MAX_QUERY_BYTES:
        problems.append(f"query: over {MAX_QUERY_BYTES} bytes")
    return problems


def _is_value(value: object) -> bool:
    return all(isinstance(each, str | int | float | None) for each in (value if isinstance(value, list) else [value]))

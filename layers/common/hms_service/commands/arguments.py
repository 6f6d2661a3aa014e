"""The arguments of a command, checked and bound to the operation that it names."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from hms.errors import BadRequestError
from hms.operation import Operation
from hms.operations import load_operations
from hms.problem import Problem
from hms.strict_json import JSON_TYPES
from hms.types import Body, to_query_pairs
from hms_service.http.route import MAX_QUERY_FIELDS
from hms_service.http.segments import is_safe_segment
from hms_service.http.steps.query import NOT_GIVEN

OPERATIONS = {name: operation for name, operation in load_operations().items() if operation.auth == "management"}
"""Operations that commands may name. Of the others, one returns a join token and one takes one: neither belongs in a
queue or on a bus."""

MAX_QUERY_BYTES = 10_240
"""What API Gateway takes of a request line and its headers."""


class Arguments(NamedTuple):
    """The arguments of an operation."""

    path_parameters: Mapping[str, str]
    query: Mapping[str, Any]
    body: Body | None
    warnings: Sequence[Problem]


def get_operation(name: str) -> Operation:
    """Return the operation that a command names.

    Raises:
        BadRequestError: There is none.
    """
    operation = OPERATIONS.get(name)
    if operation is None:
        raise BadRequestError("Invalid command", details=["operation: there is no such command"])
    return operation


def bind_arguments(operation: Operation, arguments: Mapping[str, Any], *, is_strict: bool) -> Arguments:
    """Return the arguments by their place. If the operation reads, those that are no path parameter are the query.

    Args:
        operation: what the command names.
        arguments: the arguments of the command.
        is_strict: whether a body that the operation does not take is refused. Otherwise it is sent, or dropped if the
            operation takes none.

    Raises:
        BadRequestError: An argument is missing, unknown or of another type; `details` name each.
    """
    remaining = dict(arguments)
    path_parameters = {name: remaining.pop(name, None) for name in operation.path_parameters}
    warnings: list[Problem] = []
    problems = [
        f"{name}: must be one path segment" for name, value in path_parameters.items() if not is_safe_segment(value)
    ]
    body = remaining.pop("body", None)
    if operation.body is None:
        if body not in (None, {}):
            warnings.append(Problem("body", (), "dropped", "body: this operation takes none"))
        body = None
    elif is_strict and not isinstance(body, operation.body_type) and (body is not None or operation.body_required):
        problems.append(f"body: a JSON {JSON_TYPES[operation.body_type]} is required")
    elif not is_strict and not operation.body_required and body in ("", []) and operation.body_type is dict:
        body = {}
    if is_strict:
        problems += [warning.text for warning in warnings]
    if operation.is_read_only:
        problems += _list_query_problems(remaining)
    else:
        problems += [f"{name}: unknown argument" for name in remaining]
    if problems:
        raise BadRequestError("Invalid arguments", details=problems)
    query = {
        name: value for name, value in remaining.items() if is_strict or (name, value) not in (NOT_GIVEN, ("limit", 0))
    }
    return Arguments(path_parameters, query if operation.is_read_only else {}, body, warnings)


def _list_query_problems(query: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with query parameters, which have the bounds of HTTP requests."""
    problems = [
        f"{name}: must be a string, number or boolean" for name, value in query.items() if not _is_query_value(value)
    ]
    if not problems and len(pairs := to_query_pairs(query)) > MAX_QUERY_FIELDS:
        problems.append(f"query: over {MAX_QUERY_FIELDS} fields")
    elif not problems and len(urlencode(pairs)) > MAX_QUERY_BYTES:
        problems.append(f"query: over {MAX_QUERY_BYTES} bytes")
    return problems


def _is_query_value(value: object) -> bool:
    return all(isinstance(item, str | int | float | None) for item in (value if isinstance(value, list) else [value]))

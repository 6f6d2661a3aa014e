"""Checks the arguments of a command and splits them into path parameters, query and body."""

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
"""Operations that commands can run. The others return or need a join token, which must not be queued or published."""

MAX_QUERY_BYTES = 10_240
"""API Gateway's limit for the request line and the headers."""


class Arguments(NamedTuple):
    """The arguments of an operation."""

    path_parameters: Mapping[str, str]
    query: Mapping[str, Any]
    body: Body | None
    warnings: Sequence[Problem]


def get_operation(name: str) -> Operation:
    """Return the operation that a command names.

    Raises:
        BadRequestError: No such operation exists, or commands cannot run it.
    """
    operation = OPERATIONS.get(name)
    if operation is None:
        raise BadRequestError("Invalid command", details=["operation: must be the name of a supported operation"])
    return operation


def bind_arguments(operation: Operation, arguments: Mapping[str, Any], *, is_strict: bool) -> Arguments:
    """Check arguments and split them into path parameters, query and body.

    Arguments other than path parameters and `body` form the query of a read-only operation.

    Args:
        operation: the operation of the command.
        arguments: the arguments of the command.
        is_strict: whether to refuse a body of the wrong type, and any body if the operation has none. If False, the
            body is sent, or dropped with a warning.

    Raises:
        BadRequestError: An argument is missing, unknown or of the wrong type. `details` has an entry for each.
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
            warnings.append(Problem("body", (), "dropped", "body: must be empty"))
        body = None
    elif is_strict and not isinstance(body, operation.body_type) and (body is not None or operation.body_required):
        problems.append(f"body: must be a JSON {JSON_TYPES[operation.body_type]}")
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
    """Return the problems of query parameters. The limits are those of HTTP requests."""
    problems = [
        f"{name}: must be a string, number or boolean" for name, value in query.items() if not _is_query_value(value)
    ]
    if not problems and len(pairs := to_query_pairs(query)) > MAX_QUERY_FIELDS:
        problems.append(f"query: must have at most {MAX_QUERY_FIELDS} parameters")
    elif not problems and len(urlencode(pairs)) > MAX_QUERY_BYTES:
        problems.append(f"query: must have at most {MAX_QUERY_BYTES} bytes")
    return problems


def _is_query_value(value: object) -> bool:
    return all(isinstance(item, str | int | float | None) for item in (value if isinstance(value, list) else [value]))

"""Which operations commands may name, and what arguments each takes: read from the classes of `hms.api`."""

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from hms.client import HmsClient, Reply, body_of, query_pairs
from hms.errors import BadRequest
from hms.event import JSON_TYPES, MAX_QUERY_FIELDS, is_segment
from hms.sections import Sections

NO_COMMANDS = frozenset({"auth.exchange_room_code", "sip.send_dtmf"})
"""The one answers with a join token, the other takes one: neither belongs in a queue or on a bus."""

MAX_QUERY_BYTES = 10_240
"""What API Gateway takes of a request line and its headers."""

READ = re.compile(r"\w+\.(list|retrieve|presigned_url)(_\w+)?")


@dataclass(frozen=True, slots=True)
class Operation:
    """A method of a section of the REST API.

    Attributes:
        name: section and method.
        method: what is called.
        segments: names of the path parameters.
        shape: what the body must be, `dict` or `list`; None where there is none.
        needs_body: whether there must be one.
    """

    name: str
    method: Callable[..., Reply]
    segments: tuple[str, ...]
    shape: type | None
    needs_body: bool

    @property
    def reads(self) -> bool:
        """Whether it changes nothing at 100ms, so that it may be tried again whatever became of it."""
        return READ.fullmatch(self.name) is not None

    def bind(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """The keyword arguments of the method; of an operation that reads, what is no path parameter is the query.

        Raises:
            BadRequest: an argument is missing, unknown or of another type; `details` name each.
        """
        rest = dict(arguments)
        bound: dict[str, Any] = {name: rest.pop(name, None) for name in self.segments}
        problems = [f"{name}: must be one path segment" for name, it in bound.items() if not is_segment(it)]
        body = rest.pop("body", None)
        if self.shape is None:
            problems += [] if body in (None, {}) else ["body: this operation takes none"]
        elif isinstance(body, self.shape):
            bound["body"] = body
        elif body is not None or self.needs_body:
            problems.append(f"body: a JSON {JSON_TYPES[self.shape]} is required")
        if self.reads:
            problems += _query_problems(rest)
        else:
            problems += [f"{name}: unknown argument" for name in rest]
        if problems:
            raise BadRequest("Invalid arguments", details=problems)
        return {**bound, "query": rest} if self.reads else bound


def operations(client: HmsClient) -> dict[str, Operation]:
    """All operations that commands may name, by name."""
    sections = [name for name, value in vars(Sections).items() if isinstance(value, cached_property)]
    found = [_operation(name, method) for name in sections for method in _methods(getattr(client, name))]
    return {operation.name: operation for operation in found if operation.name not in NO_COMMANDS}


def _methods(section: object) -> list[Callable[..., Reply]]:
    """Those that answer as 100ms does; what pages through answers is no operation."""
    methods = [getattr(section, name) for name in vars(type(section)) if not name.startswith("_")]
    return [method for method in methods if inspect.signature(method).return_annotation is Reply]


def _operation(section: str, method: Callable[..., Reply]) -> Operation:
    parameters = dict(inspect.signature(method).parameters)
    parameters.pop("query", None)
    parameters.pop("body", None)
    shape, needs_body = body_of(method)
    return Operation(
        name=f"{section}.{method.__name__}",
        method=method,
        segments=tuple(parameters),
        shape=shape,
        needs_body=needs_body,
    )


def _query_problems(query: Mapping[str, Any]) -> list[str]:
    """What is wrong with query parameters, which are bounded as API Gateway and the gateway bound those of HTTP."""
    problems = [f"{name}: must be a string, number or boolean" for name, value in query.items() if not _is_value(value)]
    if not problems and len(pairs := query_pairs(query)) > MAX_QUERY_FIELDS:
        problems.append(f"query: over {MAX_QUERY_FIELDS} fields")
    elif not problems and len(urlencode(pairs)) > MAX_QUERY_BYTES:
        problems.append(f"query: over {MAX_QUERY_BYTES} bytes")
    return problems


def _is_value(value: object) -> bool:
    return all(isinstance(each, str | int | float | None) for each in (value if isinstance(value, list) else [value]))

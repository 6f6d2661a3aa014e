"""What an operation does, found by calling it: by which models it checks, and what it would send to 100ms."""

import inspect
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, NoReturn
from unittest.mock import patch

from pydantic import BaseModel

from hms.access import User
from hms.client import HmsClient, RawJson, body_of
from hms.errors import HmsError
from hms.scopes import EVERYTHING
from tools.openapi.routes import PublicRoute

GIVEN = {
    "query": [("any", "value")],
    "token": "a-token",
    "headers": {},
    "caller": User("a-user", EVERYTHING, ("oidc", "a-user"), expires_at=0),
}
"""What an operation is called with, beside its path's variables and its body."""

ANSWERED_HERE = frozenset({"attendance", "docs", "webhooks"})
"""Sections that neither check by models nor call 100ms."""


@dataclass
class Trace:
    """What was seen.

    Attributes:
        query: the model of the query.
        body: the model of the body.
        method: the verb of the request to 100ms, "" where there is none.
        path: its path, with the route's variables in braces.
    """

    query: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    method: str = ""
    path: str = ""


class _Sent(BaseException):
    """The request is known: the operation need not go on."""


def trace(route: PublicRoute) -> Trace:
    """Call the route's operation with its variables standing for themselves, and note what it does."""
    if route.section in ANSWERED_HERE:
        return Trace()
    operation = route.route.operation
    parameters = inspect.signature(operation).parameters
    arguments: dict[str, Any] = {name: f"{{{name}}}" for name in route.variables}
    arguments |= {name: it for name, it in GIVEN.items() if name in parameters}
    shape, _ = body_of(operation)
    if shape:
        value = shape()
        arguments["body"] = RawJson(str(value).encode(), value)
    with _watched() as found, suppress(_Sent, HmsError):
        operation(**arguments)
    return found


@contextmanager
def _watched() -> Iterator[Trace]:
    found = Trace()

    def note_model(model: type[BaseModel], _value: object, what: str, _unknown: object) -> None:
        setattr(found, what, model)

    def note_request(_: HmsClient, method: str, *segments: str, **__: object) -> NoReturn:
        found.method, found.path = method, "/" + "/".join(segments)
        raise _Sent

    with (
        patch("hms.models.base.check", note_model),
        patch.object(HmsClient, "request", note_request),
        patch.object(HmsClient, "request_auth", note_request),
    ):
        yield found

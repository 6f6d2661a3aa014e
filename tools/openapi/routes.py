"""Lists the routes of all functions."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from runpy import run_path
from typing import Any

from hms.client import HmsClient
from hms.operation import Operation
from hms.settings import Settings
from hms_service.http.route import Route
from hms_service.http.router import Router

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class PublicRoute:
    """A route of a function.

    Attributes:
        section: name of the function and of its folder.
        method: HTTP method.
        path: path with variables in braces.
        route: the route in the function's router.
    """

    section: str
    method: str
    path: str
    route: Route

    @property
    def variables(self) -> list[str]:
        """Names of the variables in the path."""
        return re.findall(r"{(\w+)}", self.path)

    @property
    def response_operation(self) -> Operation | None:
        """Operation of 100ms whose response the route returns."""
        return self.route.response_operation

    @property
    def documented(self) -> Any:
        """Function whose docstring describes the route: its handler, or the method of the SDK."""
        handler, operation = self.route.handler, self.route.operation
        if operation is None or not isinstance(handler, partial):
            return handler
        resource, _, method = operation.name.partition(".")
        return getattr(getattr(HmsClient(Settings()), resource), method)

    def matches(self, path: str) -> bool:
        """Return True if the path matches."""
        return re.fullmatch(re.sub(r"{\w+}", "[^/]+", self.path), path) is not None


def public_routes() -> list[PublicRoute]:
    """Return the routes of every function with a router. Raises an error if a function cannot be imported."""
    files = sorted(ROOT.glob("functions/*/app.py"))
    return [route for file in files for route in _routes(run_path(str(file)).get("router"))]


def _routes(router: Router | None) -> Iterator[PublicRoute]:
    if router is None:
        return
    for rule, verbs in router.routes.items():
        for method, route in verbs.items():
            yield PublicRoute(router.service, method, re.sub(r"<(\w+)>", r"{\1}", rule), route)
    for route in router.conditional_routes:  # the code exchange, which is served under /v2 only
        yield PublicRoute(router.service, route.method, f"/v2{route.rule}", route)

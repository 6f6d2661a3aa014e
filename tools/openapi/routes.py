"""The routes of all functions, as their gateways have them."""

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
    """A verb of a rule, and whose it is.

    Attributes:
        section: the gateway's, which is the function's folder too.
        method: the verb.
        path: the rule, its variables in braces.
        route: what it does.
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
        """The operation of 100ms whose response it returns."""
        return self.route.response_operation

    @property
    def documented(self) -> Any:
        """The function whose docstring describes it: the SDK's method, unless the function has a handler of its own."""
        handler, operation = self.route.handler, self.route.operation
        if operation is None or not isinstance(handler, partial):
            return handler
        resource, _, method = operation.name.partition(".")
        return getattr(getattr(HmsClient(Settings()), resource), method)

    def matches(self, path: str) -> bool:
        """Whether the rule takes the path."""
        return re.fullmatch(re.sub(r"{\w+}", "[^/]+", self.path), path) is not None


def public_routes() -> list[PublicRoute]:
    """The routes of every function that answers HTTP; one that can't be imported is an error, not a gap."""
    files = sorted(ROOT.glob("functions/*/app.py"))
    return [route for file in files for route in _routes(run_path(str(file)).get("router"))]


def _routes(router: Router | None) -> Iterator[PublicRoute]:
    if router is None:
        return
    for rule, verbs in router.routes.items():
        for method, route in verbs.items():
            yield PublicRoute(router.service, method, re.sub(r"<(\w+)>", r"{\1}", rule), route)

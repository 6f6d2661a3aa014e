"""The sample events of events/, which name the operations and are examples of calling them."""

import json
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from tools.openapi.routes import ROOT, PublicRoute

Event = dict[str, Any]


class Sample(NamedTuple):
    """An event, and what it is called."""

    name: str
    event: Event

    @property
    def body(self) -> Any:
        """The value of its body, None where it has none."""
        return json.loads(self.event["body"]) if self.event.get("body") else None

    @property
    def query(self) -> dict[str, list[str]]:
        """The values of its query by name."""
        return parse_qs(self.event["rawQueryString"])

    def segments(self, route: PublicRoute) -> dict[str, str]:
        """The values of its path by the route's variables."""
        values = self.event["rawPath"].split("/")
        return {name[1:-1]: values[at] for at, name in enumerate(route.path.split("/")) if name.startswith("{")}


def find_samples(route: PublicRoute, routes: list[PublicRoute]) -> list[Sample]:
    """The samples that take this route and no more exact one."""
    return [sample for sample in _samples(route.section) if route is _match_route(sample.event, routes)]


def _match_route(event: Event, routes: list[PublicRoute]) -> PublicRoute | None:
    method = event["requestContext"]["http"]["method"]
    matching = [route for route in routes if route.method == method and route.matches(event["rawPath"])]
    return min(matching, key=lambda route: len(route.variables), default=None)


@cache
def _samples(section: str) -> tuple[Sample, ...]:
    files = sorted((ROOT / "events" / section).glob("*.json"))
    return tuple(Sample(file.stem, json.loads(file.read_text())) for file in files)

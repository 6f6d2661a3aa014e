"""Sample events in events/. They provide operation IDs and examples."""

import json
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from tools.openapi.routes import ROOT, PublicRoute

Event = dict[str, Any]


class Sample(NamedTuple):
    """A sample event and its name."""

    name: str
    event: Event

    @property
    def body(self) -> Any:
        """Parsed body; None without a body."""
        return json.loads(self.event["body"]) if self.event.get("body") else None

    @property
    def query(self) -> dict[str, list[str]]:
        """Query values by name."""
        return parse_qs(self.event["rawQueryString"])

    def segments(self, route: PublicRoute) -> dict[str, str]:
        """Return the values of the route's path variables."""
        values = self.event["rawPath"].split("/")
        return {name[1:-1]: values[at] for at, name in enumerate(route.path.split("/")) if name.startswith("{")}


def find_samples(route: PublicRoute, routes: list[PublicRoute]) -> list[Sample]:
    """Return the samples for which this route is the best match."""
    return [sample for sample in _samples(route.section) if route is _match_route(sample.event, routes)]


def _match_route(event: Event, routes: list[PublicRoute]) -> PublicRoute | None:
    method = event["requestContext"]["http"]["method"]
    matching = [route for route in routes if route.method == method and route.matches(event["rawPath"])]
    return min(matching, key=lambda route: len(route.variables), default=None)


@cache
def _samples(section: str) -> tuple[Sample, ...]:
    files = sorted((ROOT / "events" / section).glob("*.json"))
    return tuple(Sample(file.stem, json.loads(file.read_text())) for file in files)

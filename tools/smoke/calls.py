"""Plans the calls of a check: each list, then the first item of the list."""

import re
from collections import defaultdict
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field
from typing import Any

from tools.smoke.routes import Route, list_read_routes, list_write_only_paths

UNKNOWN_PATH = "/no-such-route"
UNUSED_ID = "0" * 24


@dataclass(frozen=True, slots=True)
class Call:
    """A GET request.

    Attributes:
        name: the route, for the output. It contains no ID.
        path: path of the request.
        query: query parameters of the request.
        expected: expected statuses.
        is_signed: True if the request has a token.
        is_service_error: True if the response must be an error of this service, in its envelope.
        missing: variables that no list returned. If there are any, the call is skipped.
    """

    name: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    expected: tuple[int, ...] = (200,)
    is_signed: bool = True
    is_service_error: bool = False
    missing: tuple[str, ...] = ()

    @property
    def route(self) -> str:
        """The path of the route in docs/openapi.json."""
        return self.name.split()[1].removeprefix("/v2")


class KnownIds:
    """IDs from list responses, by section and variable. Some IDs are shared by all sections."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes = list(routes)
        self._own: dict[str, dict[str, str]] = defaultdict(dict)
        self._shared: dict[str, str] = {}

    def values_for(self, route: Route) -> dict[str, str]:
        """Return the known values of the route's path variables and query parameters."""
        known = {**self._shared, **self._own[route.section]}
        return {name: known[name] for name in (*route.variables, *route.query) if name in known}

    def is_listed_by_section(self, route: Route) -> bool:
        """Return True if the route retrieves an item that its own section listed."""
        return route.path.endswith("}") and not route.query and self._own[route.section].keys() >= set(route.variables)

    def learn(self, route: Route, body: dict[str, Any]) -> None:
        """Keep the first ID of each list in a response, for the routes that retrieve one item."""
        for other in self._routes:
            parent, _, last = other.path.rpartition("/")
            if other.section == route.section and last.startswith("{"):
                member = parent.rpartition("/")[2]
                if parent == route.path:
                    self._remember(other, _first(body.get("data") or body.get(member)))
                elif parent == f"{route.path}/{member}":
                    self._remember(other, _first(body.get(member)))
        if route.path == "/sessions" and body.get("data"):
            self._remember_for_all("peer_id", _first(body["data"][0].get("peers")))

    def _remember(self, route: Route, value: str | None) -> None:
        variable = route.variables[-1]
        if value:
            self._own[route.section].setdefault(variable, value)
        if route.path in ("/rooms/{room_id}", "/sessions/{session_id}"):
            self._remember_for_all(variable, value)

    def _remember_for_all(self, variable: str, value: str | None) -> None:
        if value:
            self._shared[variable] = value


def plan_calls() -> Generator[Call, dict[str, Any], None]:
    """Yield the calls in order. Send the response body of each call back into the generator."""
    yield Call("GET /", "/", is_signed=False)
    yield Call(f"GET {UNKNOWN_PATH}", UNKNOWN_PATH, expected=(404,), is_signed=False, is_service_error=True)
    yield Call("GET /rooms without a token", "/rooms", expected=(401,), is_signed=False, is_service_error=True)
    yield Call("GET /v2/rooms", "/v2/rooms")
    for path in list_write_only_paths():
        yield Call(f"GET {path}", path, expected=(405,), is_service_error=True)
    routes = list_read_routes()
    known = KnownIds(routes)
    called: set[str] = set()
    for route in routes:
        values = known.values_for(route)
        missing = tuple(name for name in (*route.variables, *route.query) if name not in values)
        if not missing:
            called.add(route.section)
            known.learn(route, (yield _call(route, values, (200,) if _must_exist(route, known) else (200, 404))))
        elif route.section not in called and not route.query:
            called.add(route.section)
            yield _call(route, dict.fromkeys(route.variables, UNUSED_ID), (400, 404))
        else:
            yield Call(f"GET {route.path}", route.path, missing=missing)


def _must_exist(route: Route, known: KnownIds) -> bool:
    """Return True if the route must respond with 200: it is a list, or retrieves an item that a list returned."""
    return not (route.variables or route.query) or known.is_listed_by_section(route)


def _call(route: Route, values: dict[str, str], expected: tuple[int, ...]) -> Call:
    path = re.sub(r"{(\w+)}", lambda match: values[match[1]], route.path)
    return Call(f"GET {route.path}", path, {name: values[name] for name in route.query}, expected)


def _first(items: Any) -> str | None:
    """Return the ID of a list's first item, or the first key of an object."""
    for item in items or ():
        value = item.get("id") if isinstance(item, dict) else item
        return value if isinstance(value, str) else None
    return None

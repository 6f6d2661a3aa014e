"""Which calls a check makes: each list, then the first thing that it lists."""

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
    """A GET.

    Attributes:
        name: the route, which tells no id.
        path: what is called.
        query: its query parameters.
        expected: the statuses that are as they should be.
        is_signed: whether it carries a token.
        is_service_error: whether the answer is an error of this service, in its envelope.
        missing: what no list has told, without which the call is not made.
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
    """Ids that lists have told, by section and variable; some are good for every section."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes = list(routes)
        self._own: dict[str, dict[str, str]] = defaultdict(dict)
        self._shared: dict[str, str] = {}

    def values_for(self, route: Route) -> dict[str, str]:
        """The values of the route's variables and query parameters that are known."""
        found = {**self._shared, **self._own[route.section]}
        return {name: found[name] for name in (*route.variables, *route.query) if name in found}

    def is_listed_by_section(self, route: Route) -> bool:
        """Whether the route retrieves just what its own section has listed."""
        return route.path.endswith("}") and not route.query and self._own[route.section].keys() >= set(route.variables)

    def learn(self, route: Route, answer: dict[str, Any]) -> None:
        """Take the first of whatever the route's answer lists for the routes that retrieve one."""
        for other in self._routes:
            parent, _, last = other.path.rpartition("/")
            if other.section == route.section and last.startswith("{"):
                member = parent.rpartition("/")[2]
                if parent == route.path:
                    self._remember(other, _first(answer.get("data") or answer.get(member)))
                elif parent == f"{route.path}/{member}":
                    self._remember(other, _first(answer.get(member)))
        if route.path == "/sessions" and answer.get("data"):
            self._remember_for_all("peer_id", _first(answer["data"][0].get("peers")))

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
    """The calls in turn; what is sent back is the answer of each."""
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
    """Whether there must be what the route answers: a list, even an empty one, or what a list has just told."""
    return not (route.variables or route.query) or known.is_listed_by_section(route)


def _call(route: Route, values: dict[str, str], expected: tuple[int, ...]) -> Call:
    path = re.sub(r"{(\w+)}", lambda match: values[match[1]], route.path)
    return Call(f"GET {route.path}", path, {name: values[name] for name in route.query}, expected)


def _first(items: Any) -> str | None:
    """The id of the first of a list, or the first name of an object."""
    for item in items or ():
        found = item.get("id") if isinstance(item, dict) else item
        return found if isinstance(found, str) else None
    return None

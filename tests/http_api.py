"""The HTTP API of template.yaml, the contract's routes, and the way API Gateway selects a route."""

import csv
import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, cast

from samtranslator.yaml_helper import yaml_parse

ROOT = Path(__file__).parents[1]
GREEDY = "{proxy+}"


class Route(NamedTuple):
    """A line of contract/routes.tsv, or a route of this service."""

    section: str
    method: str
    path: str
    operation: str
    origin: str

    @property
    def folder(self) -> str:
        """Name of the section's folder under functions/ and events/."""
        return self.section.replace("-", "_")


OWN_ROUTES = (
    Route("attendance", "GET", "/sessions/{session_id}/attendance", "retrieveAttendance", "own"),
    Route("tokens", "POST", "/v2/token", "exchangeRoomCode", "own"),
    Route("oidc-tokens", "POST", "/token/oidc", "createOidcAppToken", "own"),
    Route("webhooks", "POST", "/webhooks", "receiveWebhook", "own"),
    Route("docs", "GET", "/openapi.json", "retrieveDocument", "own"),
    Route("docs", "GET", "/docs", "showPage", "own"),
    Route("docs", "GET", "/docs/{asset}", "retrieveAsset", "own"),
)
"""Routes of this service that 100ms does not have."""

APP_TOKEN_OPERATIONS = frozenset({"getRoomLayouts", "sendSipDtmf"})
"""Operations that need an app token."""


@cache
def contract_routes() -> tuple[Route, ...]:
    """Return the contract's routes in order."""
    with (ROOT / "contract" / "routes.tsv").open() as lines:
        return tuple(Route(**line) for line in csv.DictReader(lines, delimiter="\t"))


def all_routes() -> tuple[Route, ...]:
    """Return the routes of the contract and of this service."""
    return contract_routes() + OWN_ROUTES


def section_events() -> list[Path]:
    """Return one sample event per route, without the webhooks that 100ms sends."""
    folders = {route.folder for route in all_routes()} - {"webhooks"}
    return sorted(file for file in (ROOT / "events").rglob("*.json") if file.parent.name in folders)


def route_of(event: dict[str, Any], folder: str) -> Route:
    """Return the route that matches an event: the one with the fewest variables."""
    matching = [
        route
        for route in all_routes()
        if route.folder == folder
        and route.method == event["requestContext"]["http"]["method"]
        and re.fullmatch(re.sub(r"{\w+}", "[^/]+", route.path), event["rawPath"])
    ]
    return min(matching, key=lambda route: route.path.count("{"))


@cache
def template() -> dict[str, Any]:
    """Return template.yaml with intrinsic functions in the long form."""
    return cast(dict[str, Any], yaml_parse((ROOT / "template.yaml").read_text()))


@cache
def monitoring() -> dict[str, Any]:
    """Return monitoring.yaml with intrinsic functions in the long form."""
    return cast(dict[str, Any], yaml_parse((ROOT / "monitoring.yaml").read_text()))


def functions() -> dict[str, dict[str, Any]]:
    """Return the properties of the template's functions by logical ID."""
    resources = template()["Resources"].items()
    return {
        name: resource["Properties"] for name, resource in resources if resource["Type"] == "AWS::Serverless::Function"
    }


@cache
def integrations() -> dict[str, str]:
    """Return the function's logical ID by declared path."""
    return {
        event["Properties"]["Path"]: name
        for name, properties in functions().items()
        for event in properties["Events"].values()
        if event["Type"] == "HttpApi"
    }


def chosen_path(path: str) -> str:
    """Return the declared path that API Gateway selects: an exact one, or else the longest greedy one."""
    matching = [declared for declared in integrations() if variables_of(path, declared) is not None]
    return max(matching, key=lambda declared: (not declared.endswith(GREEDY), len(declared)))


def variables_of(path: str, declared: str) -> dict[str, str] | None:
    """Return the values of the declared path's variables; None if the request path does not match."""
    pattern = re.sub(r"{(\w+)(\+?)}", lambda match: f"(?P<{match[1]}>{'.+' if match[2] else '[^/]+'})", declared)
    match = re.fullmatch(pattern, path)
    return match.groupdict() if match else None

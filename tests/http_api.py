"""The HTTP API as template.yaml declares it, the routes of the contract, and how API Gateway chooses between routes."""

import csv
import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, cast

from samtranslator.yaml_helper import yaml_parse

ROOT = Path(__file__).parents[1]
GREEDY = "{proxy+}"


class Route(NamedTuple):
    """A line of contract/routes.tsv, or a route of our own."""

    section: str
    method: str
    path: str
    operation: str
    origin: str

    @property
    def folder(self) -> str:
        """The section's folder under functions/ and events/."""
        return self.section.replace("-", "_")


OWN_ROUTES = (
    Route("attendance", "GET", "/sessions/{session_id}/attendance", "retrieveAttendance", "own"),
    Route("oidc-tokens", "POST", "/token/oidc", "createOidcAppToken", "own"),
    Route("webhooks", "POST", "/webhooks", "receiveWebhook", "own"),
    Route("docs", "GET", "/openapi.json", "retrieveDocument", "own"),
    Route("docs", "GET", "/docs", "showPage", "own"),
    Route("docs", "GET", "/docs/{asset}", "retrieveAsset", "own"),
)
"""What this service has beside the contract's routes."""


@cache
def contract_routes() -> tuple[Route, ...]:
    """All routes of the contract, in its order."""
    with (ROOT / "contract" / "routes.tsv").open() as lines:
        return tuple(Route(**line) for line in csv.DictReader(lines, delimiter="\t"))


def all_routes() -> tuple[Route, ...]:
    """The contract's routes and our own."""
    return contract_routes() + OWN_ROUTES


def section_events() -> list[Path]:
    """The files in events/ that call for an operation: one a route, those that 100ms itself sends apart."""
    folders = {route.folder for route in all_routes()} - {"webhooks"}
    return sorted(file for file in (ROOT / "events").rglob("*.json") if file.parent.name in folders)


def route_of(event: dict[str, Any], folder: str) -> Route:
    """The route that an event of the section takes: of those that match, the one with the fewest variables."""
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
    """template.yaml, its intrinsic functions in the long form."""
    return cast(dict[str, Any], yaml_parse((ROOT / "template.yaml").read_text()))


@cache
def monitoring() -> dict[str, Any]:
    """monitoring.yaml, its intrinsic functions in the long form."""
    return cast(dict[str, Any], yaml_parse((ROOT / "monitoring.yaml").read_text()))


def functions() -> dict[str, dict[str, Any]]:
    """Properties of the template's functions by logical id."""
    resources = template()["Resources"].items()
    return {
        name: resource["Properties"] for name, resource in resources if resource["Type"] == "AWS::Serverless::Function"
    }


@cache
def integrations() -> dict[str, str]:
    """Logical id of the function by the path that its event declares."""
    return {
        event["Properties"]["Path"]: name
        for name, properties in functions().items()
        for event in properties["Events"].values()
        if event["Type"] == "HttpApi"
    }


def chosen_path(path: str) -> str:
    """The declared path that API Gateway takes for a request: one that is not greedy, else the longest greedy one."""
    matching = [declared for declared in integrations() if variables_of(path, declared) is not None]
    return max(matching, key=lambda declared: (not declared.endswith(GREEDY), len(declared)))


def variables_of(path: str, declared: str) -> dict[str, str] | None:
    """The values of the declared path's variables in a request's path; None where it is another."""
    pattern = re.sub(r"{(\w+)(\+?)}", lambda match: f"(?P<{match[1]}>{'.+' if match[2] else '[^/]+'})", declared)
    match = re.fullmatch(pattern, path)
    return match.groupdict() if match else None

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
    """A line of contract/routes.tsv."""

    section: str
    method: str
    path: str
    operation: str
    origin: str

    @property
    def folder(self) -> str:
        """The section's folder under functions/ and events/."""
        return self.section.replace("-", "_")


@cache
def contract_routes() -> tuple[Route, ...]:
    """All routes of the contract, in its order."""
    with (ROOT / "contract" / "routes.tsv").open() as lines:
        return tuple(Route(**line) for line in csv.DictReader(lines, delimiter="\t"))


def route_of(event: dict[str, Any], folder: str) -> Route:
    """The route that an event of the section takes: of those that match, the one with the fewest variables."""
    matching = [
        route
        for route in contract_routes()
        if route.folder == folder
        and route.method == event["requestContext"]["http"]["method"]
        and re.fullmatch(re.sub(r"{\w+}", "[^/]+", route.path), event["rawPath"])
    ]
    return min(matching, key=lambda route: route.path.count("{"))


@cache
def template() -> dict[str, Any]:
    """template.yaml, its intrinsic functions in the long form."""
    return cast(dict[str, Any], yaml_parse((ROOT / "template.yaml").read_text()))


def functions() -> dict[str, dict[str, Any]]:
    """Properties of the template's functions by logical id."""
    resources = template()["Resources"].items()
    return {name: it["Properties"] for name, it in resources if it["Type"] == "AWS::Serverless::Function"}


@cache
def integrations() -> dict[str, str]:
    """Logical id of the function by the path that its event declares."""
    return {
        event["Properties"]["Path"]: name
        for name, properties in functions().items()
        for event in properties["Events"].values()
    }


def chosen_path(path: str) -> str:
    """The declared path that API Gateway takes for a request: the same one, else the longest greedy one."""
    if path in integrations():
        return path
    greedy = (it for it in integrations() if it.endswith(GREEDY) and path.startswith(it.removesuffix(GREEDY)))
    return max(greedy, key=len)

"""Reads the GET routes and their required parameters from the contract."""

import csv
import re
from pathlib import Path
from typing import Any, NamedTuple

import yaml

CONTRACT = Path(__file__).parents[2] / "contract"


class Route(NamedTuple):
    """A GET route.

    Attributes:
        section: section of the API.
        path: path with its variables in braces.
        query: names of the required query parameters.
    """

    section: str
    path: str
    query: tuple[str, ...] = ()

    @property
    def variables(self) -> list[str]:
        """Names of the path's variables."""
        return re.findall(r"{(\w+)}", self.path)


OWN_ROUTES = (Route("attendance", "/sessions/{session_id}/attendance"),)
"""The GET routes of this service that 100ms does not have."""
WRITE_ONLY_PATHS = {"webhooks": "/webhooks"}
"""One path of each of this service's sections without GET routes. Those of the contract are added."""


def list_read_routes() -> list[Route]:
    """Return the routes by section. Routes with fewer variables come first: they list the IDs for the others.

    Routes that need an app token are left out.
    """
    lines = _lines()
    queries = _required_queries()
    routes = [
        Route(line["section"], line["path"], queries[line["operation"]])
        for line in lines
        if line["method"] == "GET" and line["operation"] in queries
    ]
    sections = list(dict.fromkeys(line["section"] for line in lines))
    return [*sorted(routes, key=lambda route: (sections.index(route.section), len(route.variables))), *OWN_ROUTES]


def list_write_only_paths() -> list[str]:
    """Return one path of each section without GET routes."""
    lines = _lines()
    read = {line["section"] for line in lines if line["method"] == "GET"}
    paths = {line["section"]: line["path"] for line in reversed(lines) if line["section"] not in read}
    return [*paths.values(), *WRITE_ONLY_PATHS.values()]


def _lines() -> list[dict[str, str]]:
    with (CONTRACT / "routes.tsv").open() as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


def _required_queries() -> dict[str, tuple[str, ...]]:
    """Return the required query parameters of each read operation that accepts a management token."""
    document: dict[str, Any] = yaml.safe_load((CONTRACT / "100ms.openapi.yaml").read_text())
    reads = [item["get"] for item in document["paths"].values() if "get" in item]
    reads = [read for read in reads if {"clientAuthToken": []} not in read.get("security", ())]
    return {
        read["operationId"]: tuple(
            parameter["name"]
            for parameter in read.get("parameters", ())
            if parameter.get("in") == "query" and parameter.get("required")
        )
        for read in reads
    }

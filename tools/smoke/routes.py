"""The routes of the contract that read, and what they cannot do without."""

import csv
import re
from pathlib import Path
from typing import Any, NamedTuple

import yaml

CONTRACT = Path(__file__).parents[2] / "contract"


class Route(NamedTuple):
    """A route that reads.

    Attributes:
        section: the part of the API that it belongs to.
        path: with its variables in braces.
        query: names of the query parameters that it cannot do without.
    """

    section: str
    path: str
    query: tuple[str, ...] = ()

    @property
    def variables(self) -> list[str]:
        """Names of the variables in the path."""
        return re.findall(r"{(\w+)}", self.path)


OWN_ROUTES = (Route("attendance", "/sessions/{session_id}/attendance"),)
"""What this service has beside the contract's routes."""
WRITE_ONLY_PATHS = {"webhooks": "/webhooks"}
"""A path of each section that has no route that reads; the contract's are added."""


def list_read_routes() -> list[Route]:
    """The routes by section, those with fewer variables first: they list what the others look at."""
    lines = _lines()
    queries = _required_queries()
    routes = [
        Route(line["section"], line["path"], queries.get(line["operation"], ()))
        for line in lines
        if line["method"] == "GET" and line["path"] != "/"
    ]
    sections = list(dict.fromkeys(line["section"] for line in lines))
    return [*sorted(routes, key=lambda route: (sections.index(route.section), len(route.variables))), *OWN_ROUTES]


def list_write_only_paths() -> list[str]:
    """A path of each section that only writes."""
    lines = _lines()
    read = {line["section"] for line in lines if line["method"] == "GET"}
    paths = {line["section"]: line["path"] for line in reversed(lines) if line["section"] not in read}
    return [*paths.values(), *WRITE_ONLY_PATHS.values()]


def _lines() -> list[dict[str, str]]:
    with (CONTRACT / "routes.tsv").open() as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


def _required_queries() -> dict[str, tuple[str, ...]]:
    document: dict[str, Any] = yaml.safe_load((CONTRACT / "100ms.openapi.yaml").read_text())
    reads = [item["get"] for item in document["paths"].values() if "get" in item]
    return {
        read["operationId"]: tuple(
            parameter["name"]
            for parameter in read.get("parameters", ())
            if parameter.get("in") == "query" and parameter.get("required")
        )
        for read in reads
    }

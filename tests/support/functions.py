"""Loads functions as Lambda does, from their files, and builds their events."""

import importlib.util
from types import ModuleType
from typing import Any

from tests.http_api import ROOT


def load(folder: str) -> ModuleType:
    """Load the function's module again, with the current environment."""
    spec = importlib.util.spec_from_file_location(f"{folder}_app", ROOT / "functions" / folder / "app.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def http_event(
    method: str, path: str, *, query: str = "", body: str | None = None, authorization: str = ""
) -> dict[str, Any]:
    """Return an HTTP API event, payload 2.0, with the parts that API Gateway parses."""
    event = {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {"content-type": "application/json", "authorization": authorization},
        "requestContext": {"http": {"method": method, "path": path}, "requestId": "request-1", "stage": "$default"},
        "isBase64Encoded": False,
    }
    return event if body is None else {**event, "body": body}

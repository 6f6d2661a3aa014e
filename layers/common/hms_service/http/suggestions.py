"""Suggests a route for requests to an unknown route."""

import re
from difflib import SequenceMatcher

from hms.operations import load_operations

OWN_ROUTES = (
    ("POST", "/token"),
    ("POST", "/token/oidc"),
    ("POST", "/rooms/{room_id}/enable"),
    ("POST", "/rooms/{room_id}/disable"),
    ("GET", "/sessions/{session_id}/attendance"),
    ("GET", "/openapi.json"),
    ("GET", "/docs"),
)
MISTAKES = (
    (r"POST /(active-)?rooms/[^/]+/(end|end-room)", "POST /active-rooms/{room_id}/end-room"),
    (r"(GET|POST) /room-codes", r"\1 /room-codes/room/{room_id}"),
    (r"(GET|POST) /rooms/[^/]+/(room-)?codes?", r"\1 /room-codes/room/{room_id}"),
    (r"\w+ /(rooms/[^/]+/auth/token|room-tokens|auth/token|tokens)", "POST /token"),
    (r"DELETE /stream-keys?/.+", "POST /stream-keys/room/{room_id}/disable"),
    (r"POST /recordings/[^/]+/(pause|resume)", r"POST /recordings/room/{room_id}/\1"),
    (r"GET /(recordings|live-streams|external-streams)/room/[^/]+", r"GET /\1"),
    (r"GET /sessions/[^/]+/peers", "GET /sessions/{session_id}"),
    (r"\w+ /beam(/.*)?", "POST /recordings/room/{room_id}/start"),
)
"""Wrong requests of public clients, and the route that they need."""
API_PREFIX = re.compile(r"^/api(/v\d)?(?=/)")
MAX_PATH = 200
MIN_SIMILARITY = 0.75


def suggest_route(method: str, path: str) -> str:
    """Return the most similar route, such as `POST /active-rooms/{room_id}/end-room`, or "".

    Args:
        method: HTTP method of the request.
        path: path of the request, without base path and version.
    """
    if len(path) > MAX_PATH:
        return ""
    path = API_PREFIX.sub("", path)
    for pattern, route in MISTAKES:
        if match := re.fullmatch(pattern, f"{method} {path}"):
            return match.expand(route)
    operations = [operation for operation in load_operations().values() if operation.auth != "none"]
    routes = [*((operation.method, operation.path) for operation in operations), *OWN_ROUTES]
    similarity, _, route = max(
        (_compare_paths(path, template), verb == method, f"{verb} {template}") for verb, template in routes
    )
    return route if similarity >= MIN_SIMILARITY else ""


def _compare_paths(path: str, template: str) -> float:
    """Return the similarity of a path and a template, from 0 to 1. A variable matches any segment."""
    segments, template_segments = path.strip("/").split("/"), template.strip("/").split("/")
    if len(segments) != len(template_segments):
        return 0
    likeness = [
        1.0 if name.startswith("{") else SequenceMatcher(None, segment, name).ratio()
        for segment, name in zip(segments, template_segments, strict=True)
    ]
    return min(likeness)

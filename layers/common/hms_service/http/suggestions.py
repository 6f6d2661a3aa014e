"""Suggests the route that a caller of an unknown one may mean."""

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
"""Requests that public clients really send, and the route for what they want."""
API_PREFIX = re.compile(r"^/api(/v\d)?(?=/)")
MAX_PATH = 200
MIN_SIMILARITY = 0.75


def suggest_route(method: str, path: str) -> str:
    """Return the nearest route, such as `POST /active-rooms/{room_id}/end-room`, "" if none is near.

    Args:
        method: HTTP verb of the request.
        path: its path, without base path and version.
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
    """Return how alike a path and a template are, from 0 to 1. A variable is like any segment."""
    segments, template_segments = path.strip("/").split("/"), template.strip("/").split("/")
    if len(segments) != len(template_segments):
        return 0
    likeness = [
        1.0 if name.startswith("{") else SequenceMatcher(None, segment, name).ratio()
        for segment, name in zip(segments, template_segments, strict=True)
    ]
    return min(likeness)

"""Describes operations of the service itself, and additions to operations of 100ms."""

from typing import Any

from pydantic import BaseModel

from hms import __version__
from hms.models.auth import CodeExchange
from hms.models.polls import PollAnswersQuery
from hms_service.code_exchange import CODE, MAX_USER_ID
from hms_service.join_token_fields import JoinToken

Response = dict[str, Any]
Schema = dict[str, Any]


def _json(description: str, schema: Schema, example: Any) -> Response:
    return {"description": description, "content": {"application/json": {"schema": schema, "example": example}}}


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}


STRING: Schema = {"type": "string"}
NULLABLE_STRING: Schema = {"type": ["string", "null"]}
NULLABLE_DATE_TIME: Schema = {"type": ["string", "null"], "format": "date-time"}

SESSION_ID = "63f73bf05223403c9671c5c9"
JOIN_TOKEN = _json(
    "The join token, signed with the app's secret.",
    _object(token={"type": "string", "description": "Token with which a client SDK joins the room."}),
    {"token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.…"},
)
ATTENDEE = {
    "peer_id": "c8e85ab4-d533-4de0-ba7c-4c58a4de6c74",
    "user_id": "user-1",
    "name": "Ada",
    "role": "host",
    "joined_at": "2026-03-04T09:30:00Z",
    "left_at": "2026-03-04T10:15:00Z",
    "duration_seconds": 2700,
}
ATTENDANCE_REPORT = _json(
    "Attendance of the session. Each entry is one stay of a peer.",
    _object(
        session_id=STRING,
        room_id=NULLABLE_STRING,
        started_at=NULLABLE_DATE_TIME,
        ended_at=NULLABLE_DATE_TIME,
        attendees={
            "type": "array",
            "items": _object(
                peer_id=STRING,
                user_id=NULLABLE_STRING,
                name=NULLABLE_STRING,
                role=NULLABLE_STRING,
                joined_at=NULLABLE_DATE_TIME,
                left_at=NULLABLE_DATE_TIME,
                duration_seconds={"type": ["integer", "null"]},
            ),
        },
    ),
    {
        "session_id": SESSION_ID,
        "room_id": "627cda81ab4f3b56a077dc33",
        "started_at": "2026-03-04T09:30:00Z",
        "ended_at": "2026-03-04T10:15:00Z",
        "attendees": [ATTENDEE],
    },
)
ATTENDANCE_REPORT["content"]["application/json"]["schema"]["properties"] |= {
    "limit": {"type": "integer", "description": "Maximum number of attendees on the page. Present on pages only."},
    "last": {
        "type": "string",
        "description": "`start` of the next page; empty on an empty page. Present on pages only.",
    },
}
ATTENDANCE_REPORT["content"]["text/csv"] = {
    "schema": STRING,
    "example": ",".join(ATTENDEE) + "\r\n" + ",".join(map(str, ATTENDEE.values())) + "\r\n",
}
DOCUMENT = _json("The OpenAPI document.", {"type": "object"}, {"openapi": "3.1.0"})
NOT_MODIFIED: Response = {"description": "The cached copy is up to date."}

RESPONSES: dict[tuple[str, str], dict[int, Response]] = {
    ("GET", "/"): {
        200: _json(
            "The API is up.", _object(message=STRING, version=STRING), {"message": "100ms API", "version": __version__}
        )
    },
    ("GET", "/docs"): {
        200: {"description": "The documentation page.", "content": {"text/html": {"schema": STRING}}},
        304: NOT_MODIFIED,
    },
    ("GET", "/docs/{asset}"): {200: {"description": "A file of the page.", "content": {"*/*": {}}}, 304: NOT_MODIFIED},
    ("GET", "/openapi.json"): {200: DOCUMENT, 304: NOT_MODIFIED},
    ("POST", "/token"): {201: JOIN_TOKEN},
    ("POST", "/token/oidc"): {201: JOIN_TOKEN},
    ("GET", "/sessions/{session_id}/attendance"): {200: ATTENDANCE_REPORT},
    ("POST", "/webhooks"): {
        200: _json("The event is on the bus.", _object(id=STRING), {"id": "ff5c8b0d-9c4b-4f0a-9a3b-6c2f1f4f6c11"})
    },
}
"""Successful responses of routes that do not return a response of 100ms."""
EXTRA_ERROR_STATUSES: dict[tuple[str, str], set[int]] = {
    ("POST", "/rooms"): {412},
    ("GET", "/sessions/{session_id}/attendance"): {400, 404},
    ("GET", "/docs/{asset}"): {404, 406},
    ("POST", "/v2/token"): {401},
    ("POST", "/webhooks"): {401, 503},
}
"""Error statuses that cannot be derived from the route."""
EXCLUDED_ERROR_STATUSES: dict[tuple[str, str], set[int]] = {("POST", "/v2/token"): {413}}
"""Errors that an operation never returns. A body that is too large for a code exchange is a 400."""
IF_NONE_MATCH = {
    "name": "if-none-match",
    "in": "header",
    "description": "`*`: return 412 if a room with this name exists, instead of overwriting it.",
    "schema": {"const": "*"},
}
WEBHOOK_SIGNATURE = {
    "name": "x-100ms-signature",
    "in": "header",
    "description": "Signature of the body. Required if the stack is deployed with `WebhookSignature`.",
    "schema": STRING,
}
WEBHOOK_SECRET = {
    "name": "x-webhook-secret",
    "in": "header",
    "description": "Webhook secret that is configured at 100ms.",
    "schema": STRING,
}
ATTENDANCE_LIMIT = {
    "name": "limit",
    "in": "query",
    "description": "Attendees per page; default with `start`: 10. Without both, the response has all attendees.",
    "schema": {"type": "integer", "minimum": 10, "maximum": 1000},
}
ATTENDANCE_START = {
    "name": "start",
    "in": "query",
    "description": "`last` of the previous page, or its header `x-last` for CSV.",
    "schema": STRING,
}
PARAMETERS: dict[tuple[str, str], list[dict[str, Any]]] = {
    ("POST", "/rooms"): [IF_NONE_MATCH],
    ("GET", "/sessions/{session_id}/attendance"): [ATTENDANCE_LIMIT, ATTENDANCE_START],
    ("POST", "/webhooks"): [WEBHOOK_SECRET, WEBHOOK_SIGNATURE],
}
"""Headers and query parameters without a model."""
QUERY_MODELS: dict[tuple[str, str], type[BaseModel]] = {
    ("GET", "/polls/{poll_id}/sessions/{session_id}/responses"): PollAnswersQuery,
    ("GET", "/polls/{poll_id}/sessions/{session_id}/results"): PollAnswersQuery,
}
"""Query models of routes without an operation."""
BODY_MODELS: dict[tuple[str, str], type[BaseModel]] = {
    ("POST", "/room-codes/code/{code}"): CodeExchange,
    ("POST", "/token"): JoinToken,
    ("POST", "/token/oidc"): JoinToken,
}
"""Body models of routes without an operation."""
EXCLUDED_MEMBERS: dict[tuple[str, str], set[str]] = {("POST", "/token/oidc"): {"userId", "user_id"}}
"""Members of a body model that the operation refuses."""
REQUIRED_ALTERNATIVES: dict[tuple[str, str], list[list[str]]] = {
    ("POST", "/token"): [["roomId", "room_id"], ["role"], ["userId", "user_id"]],
}
"""Required members of a body that are optional in the model, each with its possible names."""
EXAMPLES: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "/rooms"): {"a_room_with_a_name": {"value": {"name": "town-hall"}}},
    ("POST", "/room-codes/code/{code}"): {"for_a_user": {"value": {"user_id": "user-1"}}},
}
"""Example bodies that work in every workspace. They precede the samples, which use IDs of one workspace."""
EXCHANGED_TOKEN = {"token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.…"}
RESPONSE_EXAMPLES: dict[tuple[str, str], Any] = {
    ("POST", "/room-codes/code/{code}"): EXCHANGED_TOKEN,
    ("POST", "/v2/token"): EXCHANGED_TOKEN,
}
"""Example responses of 100ms that the contract lacks."""
BODY_SCHEMAS: dict[tuple[str, str], Schema] = {
    ("POST", "/v2/token"): {
        "description": "Unknown members are ignored.",
        "type": "object",
        "properties": {
            "code": {"type": "string", "pattern": f"^{CODE.pattern}$", "description": "An enabled room code."},
            "user_id": {
                "type": "string",
                "maxLength": MAX_USER_ID,
                "description": "The app's own id of the user; also `userId`.",
            },
        },
        "required": ["code"],
    },
    ("POST", "/webhooks"): {
        "description": "An event of 100ms. Unknown members are allowed.",
        **_object(
            id={"type": "string", "minLength": 1, "maxLength": 256},
            type={"type": "string", "minLength": 1, "maxLength": 128},
            data={"type": "object"},
        ),
    },
}
"""Body schemas of routes without a model."""
TAGS = {
    "tokens": ("tokens", "Join tokens for the client SDKs."),
    "oidc_tokens": ("tokens", ""),
    "rooms": ("rooms", "Rooms in which peers meet."),
    "room_codes": ("room-codes", "Short codes that stand for a room and a role."),
    "active_rooms": ("active-rooms", "Rooms with peers in them, and their peers."),
    "sessions": ("sessions", "Sessions of rooms, and their attendance."),
    "attendance": ("sessions", ""),
    "recordings": ("recordings", "Recordings of rooms."),
    "recording_assets": ("recording-assets", "Files of recordings."),
    "live_streams": ("live-streams", "HLS streams of rooms."),
    "external_streams": ("external-streams", "RTMP streams of rooms to other platforms."),
    "stream_keys": ("stream-keys", "Keys to stream into a room by RTMP."),
    "sip": ("sip", "Phone calls into rooms."),
    "polls": ("polls", "Polls and quizzes."),
    "templates": ("templates", "Templates of rooms: roles, settings and destinations."),
    "analytics": ("analytics", "Events, sent webhooks and peer statistics."),
    "webhooks": ("webhooks", "Endpoint for webhooks from 100ms."),
    "docs": ("service", "Health, documentation and OpenAPI document."),
}
"""Tag and description of each section, in the order of the document."""

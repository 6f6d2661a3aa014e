"""Serve the control call that responds to a poll. In 100ms, the client SDKs do this."""

from typing import Any

from flask import Blueprint
from jsonschema import Draft202012Validator

from simulator.contract import error_details, no_documented_text
from simulator.errors import invalid_body
from simulator.polls.answers import Answer
from simulator.polls.sessions import PollSessions
from simulator.request_parsing import json_body, state

Json = dict[str, Any]

_INDEX_SCHEMA = {"type": "integer", "minimum": 1}
_RESPONSE_SCHEMA = Draft202012Validator(
    {
        "type": "object",
        "additionalProperties": False,
        "required": ["session_id", "question"],
        "properties": {
            "session_id": {"type": "string"},
            "question": _INDEX_SCHEMA,
            "option": {"anyOf": [_INDEX_SCHEMA, {"type": "array", "items": _INDEX_SCHEMA, "uniqueItems": True}]},
            "text": {"type": "string"},
            "user_id": {"type": "string"},
        },
    }
)

blueprint = Blueprint("polls_control", __name__)


@blueprint.post("/polls/<poll_id>/responses")
def respond(poll_id: str) -> Json:
    """Answer a question. Several options are an array. Without an option and a text, the question is skipped."""
    response = json_body()
    details = error_details(_RESPONSE_SCHEMA.iter_errors(response), no_documented_text)
    if details:
        raise invalid_body(*details)
    option = response.get("option", [])
    answer = Answer(tuple(option) if isinstance(option, list) else (option,), response.get("text"))
    place = (poll_id, response["session_id"], str(response["question"]))
    return state(PollSessions).respond(*place, answer, response.get("user_id")).to_dict()

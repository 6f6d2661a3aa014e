"""The control call with which somebody responds to a poll, as they do in 100ms through its client SDKs."""

from typing import Any

from flask import Blueprint
from jsonschema import Draft202012Validator

from simulator.contract import error_details, undocumented
from simulator.errors import invalid_body
from simulator.polls.answers import Answer
from simulator.polls.sessions import PollSessions
from simulator.web import body, state

Json = dict[str, Any]

_INDEX = {"type": "integer", "minimum": 1}
_SPEC = Draft202012Validator(
    {
        "type": "object",
        "additionalProperties": False,
        "required": ["session_id", "question"],
        "properties": {
            "session_id": {"type": "string"},
            "question": _INDEX,
            "option": {"anyOf": [_INDEX, {"type": "array", "items": _INDEX, "uniqueItems": True}]},
            "text": {"type": "string"},
            "user_id": {"type": "string"},
        },
    }
)

blueprint = Blueprint("polls_control", __name__)


@blueprint.post("/polls/<poll_id>/responses")
def respond(poll_id: str) -> Json:
    """Answer a question; neither an option nor a text skips it, several options are an array."""
    given = body()
    details = error_details(_SPEC.iter_errors(given), undocumented)
    if details:
        raise invalid_body(*details)
    option = given.get("option", [])
    answer = Answer(tuple(option) if isinstance(option, list) else (option,), given.get("text"))
    place = (poll_id, given["session_id"], str(given["question"]))
    return state(PollSessions).respond(*place, answer, given.get("user_id")).shown()

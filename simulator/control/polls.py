"""Serve the control call that responds to a poll. In 100ms, the client SDKs do this."""

from typing import Any

from flask import Blueprint

from simulator.control.bodies import TEXT, object_schema, read_body
from simulator.polls.answers import Answer
from simulator.polls.sessions import PollSessions
from simulator.request_parsing import state

Json = dict[str, Any]

_INDEX_SCHEMA = {"type": "integer", "minimum": 1}
_OPTION_SCHEMA = {"anyOf": [_INDEX_SCHEMA, {"type": "array", "items": _INDEX_SCHEMA, "uniqueItems": True}]}
_RESPONSE = object_schema(
    "session_id", "question", session_id=TEXT, question=_INDEX_SCHEMA, option=_OPTION_SCHEMA, text=TEXT, user_id=TEXT
)

blueprint = Blueprint("polls_control", __name__)


@blueprint.post("/polls/<poll_id>/responses")
def respond(poll_id: str) -> Json:
    """Answer a question. Several options are an array. Without an option and a text, the question is skipped."""
    response = read_body(_RESPONSE)
    option = response.get("option", [])
    answer = Answer(tuple(option) if isinstance(option, list) else (option,), response.get("text"))
    place = (poll_id, response["session_id"], str(response["question"]))
    return state(PollSessions).respond(*place, answer, response.get("user_id")).to_dict()

"""Serve the routes of polls."""

import sys
from collections.abc import Callable
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from simulator.paging import Item, Page, page
from simulator.polls.sessions import PollResponse, PollSession, PollSessions
from simulator.polls.state import Polls
from simulator.request_parsing import json_body, page_query, query_flag, query_number, state

Json = dict[str, Any]

blueprint = Blueprint("polls", __name__)


@blueprint.post("/polls")
def create_poll() -> Json:
    """Create a poll."""
    return state(Polls).create(json_body()).to_dict()


@blueprint.post("/polls/<poll_id>")
def update_poll(poll_id: str) -> Json:
    """Replace the content of a poll."""
    return state(Polls).replace(poll_id, json_body()).to_dict()


@blueprint.get("/polls/<poll_id>")
def get_poll(poll_id: str) -> Json:
    """Return a poll. Its hidden answers are absent while it runs."""
    poll = state(Polls).get(poll_id)
    return poll.to_dict(hides_answers=state(PollSessions).is_running(poll.id))


@blueprint.post("/polls/<poll_id>/questions/<question_id>")
def update_question(poll_id: str, question_id: str) -> Json:
    """Replace a question."""
    return state(Polls).put_question(poll_id, question_id, json_body())


@blueprint.delete("/polls/<poll_id>/questions/<question_id>")
def delete_question(poll_id: str, question_id: str) -> ResponseReturnValue:
    """Remove a question."""
    state(Polls).delete_question(poll_id, question_id)
    return "", 204


@blueprint.post("/polls/<poll_id>/questions/<question_id>/options/<option_id>")
def update_option(poll_id: str, question_id: str, option_id: str) -> Json:
    """Replace an option."""
    return state(Polls).put_option(poll_id, question_id, option_id, json_body())


@blueprint.delete("/polls/<poll_id>/questions/<question_id>/options/<option_id>")
def delete_option(poll_id: str, question_id: str, option_id: str) -> ResponseReturnValue:
    """Remove an option."""
    state(Polls).delete_option(poll_id, question_id, option_id)
    return "", 204


@blueprint.get("/polls/<poll_id>/sessions")
def list_sessions(poll_id: str) -> Json:
    """Return a page of a poll's runs."""
    return _page_to_dict(state(PollSessions).select(poll_id, page_query()), "responses", PollSession.to_dict)


@blueprint.get("/polls/<poll_id>/sessions/<session_id>")
def get_session(poll_id: str, session_id: str) -> Json:
    """Return a page of a poll's runs in one session."""
    result_page = state(PollSessions).select_of_session(poll_id, session_id, page_query())
    return _page_to_dict(result_page, "responses", PollSession.to_dict)


@blueprint.get("/polls/<poll_id>/responses")
def list_responses(poll_id: str) -> Json:
    """Return a page of responses."""
    return _page_to_dict(_select(poll_id, lambda response: response.id), "responses", PollResponse.to_dict)


@blueprint.get("/polls/<poll_id>/responses/<response_id>")
def get_response(poll_id: str, response_id: str) -> Json:
    """Return a response."""
    return state(PollSessions).response(poll_id, response_id).to_dict()


@blueprint.get("/polls/<poll_id>/results")
def list_results(poll_id: str) -> Json:
    """Return a page of results."""
    # [polls.results] each response has a result. Those of replaced responses show with `all=true`.
    return _page_to_dict(_select(poll_id, lambda response: response.result_id), "results", PollResponse.result_to_dict)


@blueprint.get("/polls/<poll_id>/results/<result_id>")
def get_result(poll_id: str, result_id: str) -> Json:
    """Return a result."""
    return state(PollSessions).result(poll_id, result_id).result_to_dict()


def _select(poll_id: str, key: Callable[[PollResponse], str]) -> Page[PollResponse]:
    question = query_number("question", default=0, lowest=1, highest=sys.maxsize)
    replaced_too = query_flag("all")
    return page(
        state(PollSessions).responses(poll_id),
        page_query(),
        key,
        lambda response: question in (0, response.question) and (replaced_too or not response.replaced),
    )


def _page_to_dict(result_page: Page[Item], name: str, serialize: Callable[[Item], Json]) -> Json:
    return {"last": result_page.last, "limit": result_page.limit, name: [serialize(item) for item in result_page.items]}

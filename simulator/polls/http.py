"""The routes of polls."""

import sys
from collections.abc import Callable
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from simulator.paging import Item, Page, page
from simulator.polls.sessions import PollResponse, PollSession, PollSessions
from simulator.polls.state import Polls
from simulator.web import body, flag, number, page_query, state

Json = dict[str, Any]

blueprint = Blueprint("polls", __name__)


@blueprint.post("/polls")
def create_poll() -> Json:
    """Define a poll."""
    return state(Polls).create(body()).shown()


@blueprint.post("/polls/<poll_id>")
def update_poll(poll_id: str) -> Json:
    """Define a poll anew."""
    return state(Polls).replace(poll_id, body()).shown()


@blueprint.get("/polls/<poll_id>")
def get_poll(poll_id: str) -> Json:
    """One poll."""
    return state(Polls).get(poll_id).shown()


@blueprint.post("/polls/<poll_id>/questions/<question_id>")
def update_question(poll_id: str, question_id: str) -> Json:
    """Replace a question."""
    return state(Polls).put_question(poll_id, question_id, body())


@blueprint.delete("/polls/<poll_id>/questions/<question_id>")
def delete_question(poll_id: str, question_id: str) -> ResponseReturnValue:
    """Remove a question."""
    state(Polls).delete_question(poll_id, question_id)
    return "", 204


@blueprint.post("/polls/<poll_id>/questions/<question_id>/options/<option_id>")
def update_option(poll_id: str, question_id: str, option_id: str) -> Json:
    """Replace an option."""
    return state(Polls).put_option(poll_id, question_id, option_id, body())


@blueprint.delete("/polls/<poll_id>/questions/<question_id>/options/<option_id>")
def delete_option(poll_id: str, question_id: str, option_id: str) -> ResponseReturnValue:
    """Remove an option."""
    state(Polls).delete_option(poll_id, question_id, option_id)
    return "", 204


@blueprint.get("/polls/<poll_id>/sessions")
def list_sessions(poll_id: str) -> Json:
    """A page of the sessions that a poll ran in."""
    return _shown(state(PollSessions).select(poll_id, page_query()), "responses", PollSession.shown)


@blueprint.get("/polls/<poll_id>/sessions/<session_id>")
def get_session(poll_id: str, session_id: str) -> Json:
    """A page of a poll's runs in one session."""
    found = state(PollSessions).select_of_session(poll_id, session_id, page_query())
    return _shown(found, "responses", PollSession.shown)


@blueprint.get("/polls/<poll_id>/responses")
def list_responses(poll_id: str) -> Json:
    """A page of responses."""
    return _shown(_select(poll_id, lambda response: response.id), "responses", PollResponse.shown)


@blueprint.get("/polls/<poll_id>/responses/<response_id>")
def get_response(poll_id: str, response_id: str) -> Json:
    """One response."""
    return state(PollSessions).response(poll_id, response_id).shown()


@blueprint.get("/polls/<poll_id>/results")
def list_results(poll_id: str) -> Json:
    """A page of results."""
    # assumed: each response has its result; those of responses replaced since show with `all=true`.
    return _shown(_select(poll_id, lambda response: response.result_id), "results", PollResponse.shown_result)


@blueprint.get("/polls/<poll_id>/results/<result_id>")
def get_result(poll_id: str, result_id: str) -> Json:
    """One result."""
    return state(PollSessions).result(poll_id, result_id).shown_result()


def _select(poll_id: str, key: Callable[[PollResponse], str]) -> Page[PollResponse]:
    question = number("question", default=0, lowest=1, highest=sys.maxsize)
    replaced_too = flag("all")
    return page(
        state(PollSessions).responses(poll_id),
        page_query(),
        key,
        lambda response: question in (0, response.question) and (replaced_too or not response.replaced),
    )


def _shown(found: Page[Item], name: str, show: Callable[[Item], Json]) -> Json:
    # assumed: `limit` has the range of the other lists.
    return {"last": found.last, "limit": found.limit, name: [show(item) for item in found.items]}

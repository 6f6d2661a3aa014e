"""Polls and quizzes."""

from hms.client import Query, Reply
from hms.errors import UpstreamUnreadable
from hms.gateway import Gateway

gateway = Gateway("polls")
polls = gateway.client.polls


def list_responses_of_session(poll_id: str, session_id: str, query: Query) -> Reply:
    """List a page of the poll's responses, less those of other sessions.

    https://www.100ms.live/docs/server-side/v2/api-reference/polls/get-polls-responses-via-api
    """
    return _of_session(polls.list_responses(poll_id, query), "responses", session_id)


def list_results_of_session(poll_id: str, session_id: str, query: Query) -> Reply:
    """List a page of the poll's results, less those of other sessions.

    https://www.100ms.live/docs/server-side/v2/api-reference/polls/get-polls-results-via-api
    """
    return _of_session(polls.list_results(poll_id, query), "results", session_id)


def retrieve_response_of_session(poll_id: str, session_id: str, response_id: str, query: Query) -> Reply:  # noqa: ARG001
    """Fetch a response; its id alone names it.

    https://www.100ms.live/docs/server-side/v2/api-reference/polls/get-polls-response-via-api
    """
    return polls.retrieve_response(poll_id, response_id, query)


def retrieve_result_of_session(poll_id: str, session_id: str, result_id: str, query: Query) -> Reply:  # noqa: ARG001
    """Fetch a result; its id alone names it.

    https://www.100ms.live/docs/server-side/v2/api-reference/polls/get-polls-result-via-api
    """
    return polls.retrieve_result(poll_id, result_id, query)


def _of_session(page: Reply, items: str, session_id: str) -> Reply:
    if page.status != 200:
        return page
    try:
        value = page.json()
        value[items] = [item for item in value.get(items) or [] if item.get("session_id") == session_id]
        return page.with_json(value)
    except (AttributeError, TypeError, ValueError):
        raise UpstreamUnreadable(reason=f"an answer of status 200 without a list of {items}") from None


gateway.post("/polls", polls.create)
gateway.post("/polls/<poll_id>", polls.update)
gateway.get("/polls/<poll_id>", polls.retrieve)
gateway.post("/polls/<poll_id>/questions/<question_id>", polls.update_question)
gateway.delete("/polls/<poll_id>/questions/<question_id>", polls.delete_question)
gateway.post("/polls/<poll_id>/questions/<question_id>/options/<option_id>", polls.update_option)
gateway.delete("/polls/<poll_id>/questions/<question_id>/options/<option_id>", polls.delete_option)
gateway.get("/polls/<poll_id>/sessions", polls.list_sessions)
gateway.get("/polls/<poll_id>/sessions/<session_id>", polls.retrieve_session)
gateway.get("/polls/<poll_id>/responses", polls.list_responses)
gateway.get("/polls/<poll_id>/responses/<response_id>", polls.retrieve_response)
gateway.get("/polls/<poll_id>/results", polls.list_results)
gateway.get("/polls/<poll_id>/results/<result_id>", polls.retrieve_result)
gateway.get("/polls/<poll_id>/sessions/<session_id>/responses", list_responses_of_session, answers=polls.list_responses)
gateway.get(
    "/polls/<poll_id>/sessions/<session_id>/responses/<response_id>",
    retrieve_response_of_session,
    answers=polls.retrieve_response,
)
gateway.get("/polls/<poll_id>/sessions/<session_id>/results", list_results_of_session, answers=polls.list_results)
gateway.get(
    "/polls/<poll_id>/sessions/<session_id>/results/<result_id>",
    retrieve_result_of_session,
    answers=polls.retrieve_result,
)

handler = gateway.resolve

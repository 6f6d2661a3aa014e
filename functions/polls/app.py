"""Polls and quizzes."""

from hms.errors import UpstreamUnreadable
from hms.resources import polls
from hms.types import Reply
from hms_service.http.route import Request
from hms_service.http.router import Gateway

gateway = Gateway("polls")


def list_responses_of_session(request: Request) -> Reply:
    """List a page of the poll's responses, without those of other sessions.

    https://www.100ms.live/docs/server-side/v2/api-reference/polls/get-polls-responses-via-api
    """
    page = gateway.client.polls.list_responses(request.path_parameters["poll_id"], request.query)
    return _of_session(page, "responses", request.path_parameters["session_id"])


def list_results_of_session(request: Request) -> Reply:
    """List a page of the poll's results, without those of other sessions.

    https://www.100ms.live/docs/server-side/v2/api-reference/polls/get-polls-results-via-api
    """
    page = gateway.client.polls.list_results(request.path_parameters["poll_id"], request.query)
    return _of_session(page, "results", request.path_parameters["session_id"])


def retrieve_response_of_session(request: Request) -> Reply:
    """Fetch a response; its id alone names it.

    https://www.100ms.live/docs/server-side/v2/api-reference/polls/get-polls-response-via-api
    """
    parameters = request.path_parameters
    return gateway.client.polls.retrieve_response(parameters["poll_id"], parameters["response_id"], request.query)


def retrieve_result_of_session(request: Request) -> Reply:
    """Fetch a result; its id alone names it.

    https://www.100ms.live/docs/server-side/v2/api-reference/polls/get-polls-result-via-api
    """
    parameters = request.path_parameters
    return gateway.client.polls.retrieve_result(parameters["poll_id"], parameters["result_id"], request.query)


def _of_session(page: Reply, items: str, session_id: str) -> Reply:
    if page.status != 200:
        return page
    try:
        value = page.json()
        value[items] = [item for item in value.get(items) or [] if item.get("session_id") == session_id]
        return page.with_json(value)
    except (AttributeError, TypeError, ValueError):
        raise UpstreamUnreadable(reason=f"an answer of status 200 without a list of {items}") from None


SESSION = "/polls/<poll_id>/sessions/<session_id>"

gateway.operation(polls.CREATE)
gateway.operation(polls.UPDATE)
gateway.operation(polls.RETRIEVE)
gateway.operation(polls.UPDATE_QUESTION)
gateway.operation(polls.DELETE_QUESTION)
gateway.operation(polls.UPDATE_OPTION)
gateway.operation(polls.DELETE_OPTION)
gateway.operation(polls.LIST_SESSIONS)
gateway.operation(polls.RETRIEVE_SESSION)
gateway.operation(polls.LIST_RESPONSES)
gateway.operation(polls.RETRIEVE_RESPONSE)
gateway.operation(polls.LIST_RESULTS)
gateway.operation(polls.RETRIEVE_RESULT)
gateway.get(f"{SESSION}/responses", list_responses_of_session, answers=polls.LIST_RESPONSES)
gateway.get(f"{SESSION}/responses/<response_id>", retrieve_response_of_session, answers=polls.RETRIEVE_RESPONSE)
gateway.get(f"{SESSION}/results", list_results_of_session, answers=polls.LIST_RESULTS)
gateway.get(f"{SESSION}/results/<result_id>", retrieve_result_of_session, answers=polls.RETRIEVE_RESULT)

handler = gateway.resolve

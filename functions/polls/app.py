"""Polls and quizzes."""

from hms.errors import InvalidUpstreamResponseError
from hms.resources import polls
from hms.types import Response
from hms_service.http.route import Request
from hms_service.http.router import Router

router = Router("polls")


def list_responses_of_session(request: Request) -> Response:
    """List a page of the responses to a poll in one session.

    https://www.100ms.live/docs/server-side/v2/api-reference/polls/get-polls-responses-via-api
    """
    page = router.client.polls.list_responses(request.path_parameters["poll_id"], request.query)
    return _filter_by_session(page, "responses", request.path_parameters["session_id"])


def list_results_of_session(request: Request) -> Response:
    """List a page of the results of a poll in one session.

    https://www.100ms.live/docs/server-side/v2/api-reference/polls/get-polls-results-via-api
    """
    page = router.client.polls.list_results(request.path_parameters["poll_id"], request.query)
    return _filter_by_session(page, "results", request.path_parameters["session_id"])


def retrieve_response_of_session(request: Request) -> Response:
    """Retrieve a response to a poll.

    The session ID in the path is ignored.

    https://www.100ms.live/docs/server-side/v2/api-reference/polls/get-polls-response-via-api
    """
    parameters = request.path_parameters
    return router.client.polls.retrieve_response(parameters["poll_id"], parameters["response_id"], request.query)


def retrieve_result_of_session(request: Request) -> Response:
    """Retrieve a result of a poll.

    The session ID in the path is ignored.

    https://www.100ms.live/docs/server-side/v2/api-reference/polls/get-polls-result-via-api
    """
    parameters = request.path_parameters
    return router.client.polls.retrieve_result(parameters["poll_id"], parameters["result_id"], request.query)


def _filter_by_session(page: Response, items: str, session_id: str) -> Response:
    if page.status_code != 200:
        return page
    try:
        value = page.json()
        value[items] = [item for item in value.get(items) or [] if item.get("session_id") == session_id]
        return page.with_json(value)
    except (AttributeError, TypeError, ValueError):
        raise InvalidUpstreamResponseError(reason=f"the response of status 200 has no list of {items}") from None


SESSION = "/polls/<poll_id>/sessions/<session_id>"

router.add_operation(polls.CREATE)
router.add_operation(polls.UPDATE)
router.add_operation(polls.RETRIEVE)
router.add_operation(polls.UPDATE_QUESTION)
router.add_operation(polls.DELETE_QUESTION)
router.add_operation(polls.UPDATE_OPTION)
router.add_operation(polls.DELETE_OPTION)
router.add_operation(polls.LIST_SESSIONS)
router.add_operation(polls.RETRIEVE_SESSION)
router.add_operation(polls.LIST_RESPONSES)
router.add_operation(polls.RETRIEVE_RESPONSE)
router.add_operation(polls.LIST_RESULTS)
router.add_operation(polls.RETRIEVE_RESULT)
router.get(f"{SESSION}/responses", list_responses_of_session, response_operation=polls.LIST_RESPONSES)
router.get(
    f"{SESSION}/responses/<response_id>", retrieve_response_of_session, response_operation=polls.RETRIEVE_RESPONSE
)
router.get(f"{SESSION}/results", list_results_of_session, response_operation=polls.LIST_RESULTS)
router.get(f"{SESSION}/results/<result_id>", retrieve_result_of_session, response_operation=polls.RETRIEVE_RESULT)

handler = router.resolve

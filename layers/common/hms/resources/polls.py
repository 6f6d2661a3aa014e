"""Polls and quizzes: one method per operation."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, Unpack

from hms import models
from hms.operation import Operation
from hms.resources.resource import Resource
from hms.types import ObjectBody, Query, Response

if TYPE_CHECKING:
    from hms.params.polls import PollOptionParams, PollParams, PollQuestionParams

CREATE = Operation("polls.create", "POST", "/polls", body=lambda: models.polls.Poll, response="Poll")
UPDATE = Operation("polls.update", "POST", "/polls/{poll_id}", body=lambda: models.polls.Poll, response="Poll")
RETRIEVE = Operation("polls.retrieve", "GET", "/polls/{poll_id}", response="Poll")
UPDATE_QUESTION = Operation(
    "polls.update_question",
    "POST",
    "/polls/{poll_id}/questions/{question_id}",
    body=lambda: models.polls.PollQuestion,
    response="PollQuestion",
)
DELETE_QUESTION = Operation("polls.delete_question", "DELETE", "/polls/{poll_id}/questions/{question_id}")
UPDATE_OPTION = Operation(
    "polls.update_option",
    "POST",
    "/polls/{poll_id}/questions/{question_id}/options/{option_id}",
    body=lambda: models.polls.PollOption,
    response="PollOption",
)
DELETE_OPTION = Operation(
    "polls.delete_option", "DELETE", "/polls/{poll_id}/questions/{question_id}/options/{option_id}"
)
LIST_SESSIONS = Operation(
    "polls.list_sessions",
    "GET",
    "/polls/{poll_id}/sessions",
    query=lambda: models.polls.PollPageQuery,
    response="PollSessionPage",
)
RETRIEVE_SESSION = Operation(
    "polls.retrieve_session",
    "GET",
    "/polls/{poll_id}/sessions/{session_id}",
    query=lambda: models.polls.PollPageQuery,
    response="PollSessionPage",
)
LIST_RESPONSES = Operation(
    "polls.list_responses",
    "GET",
    "/polls/{poll_id}/responses",
    query=lambda: models.polls.PollAnswersQuery,
    response="PollResponsePage",
)
RETRIEVE_RESPONSE = Operation(
    "polls.retrieve_response", "GET", "/polls/{poll_id}/responses/{response_id}", response="PollResponse"
)
LIST_RESULTS = Operation(
    "polls.list_results",
    "GET",
    "/polls/{poll_id}/results",
    query=lambda: models.polls.PollAnswersQuery,
    response="PollResultPage",
)
RETRIEVE_RESULT = Operation(
    "polls.retrieve_result", "GET", "/polls/{poll_id}/results/{result_id}", response="PollResult"
)


class Polls(Resource):
    """Operations under /polls."""

    def create(self, body: ObjectBody | None = None, query: Query = (), **members: "Unpack[PollParams]") -> Response:
        """Create a poll or quiz.

        Args:
            body: a `Poll`, or a mapping of its members.
            members: members of the body as keyword arguments, instead of `body`.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/polls/create-polls-via-api
        """
        return self._call(CREATE, query=query, body=body, members=members)

    def update(
        self, poll_id: str, body: ObjectBody | None = None, query: Query = (), **members: "Unpack[PollParams]"
    ) -> Response:
        """Replace a poll.

        Args:
            poll_id: id of the poll.
            body: a `Poll`, or a mapping of its members.
            members: members of the body as keyword arguments, instead of `body`.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/polls/update-polls-via-api
        """
        return self._call(UPDATE, poll_id=poll_id, query=query, body=body, members=members)

    def retrieve(self, poll_id: str, query: Query = ()) -> Response:
        """Fetch a poll with its questions, options and answers.

        Args:
            poll_id: id of the poll.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/polls/get-polls-via-api
        """
        return self._call(RETRIEVE, poll_id=poll_id, query=query)

    def update_question(
        self,
        poll_id: str,
        question_id: str,
        body: ObjectBody | None = None,
        query: Query = (),
        **members: "Unpack[PollQuestionParams]",
    ) -> Response:
        """Replace one question of a poll.

        Args:
            poll_id: id of the poll.
            question_id: place of the question, from 1.
            body: a `PollQuestion`, or a mapping of its members.
            members: members of the body as keyword arguments, instead of `body`.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/polls/update-polls-question-via-api
        """
        return self._call(
            UPDATE_QUESTION, poll_id=poll_id, question_id=question_id, query=query, body=body, members=members
        )

    def delete_question(self, poll_id: str, question_id: str, query: Query = ()) -> Response:
        """Delete a question.

        Args:
            poll_id: id of the poll.
            question_id: place of the question, from 1.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/polls/delete-polls-question-via-api
        """
        return self._call(DELETE_QUESTION, poll_id=poll_id, question_id=question_id, query=query)

    def update_option(
        self,
        poll_id: str,
        question_id: str,
        option_id: str,
        body: ObjectBody | None = None,
        query: Query = (),
        **members: "Unpack[PollOptionParams]",
    ) -> Response:
        """Replace one option of a question.

        Args:
            poll_id: id of the poll.
            question_id: place of the question, from 1.
            option_id: place of the option, from 1.
            body: a `PollOption`, or a mapping of its members.
            members: members of the body as keyword arguments, instead of `body`.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/polls/update-polls-question-option-via-api
        """
        return self._call(
            UPDATE_OPTION,
            poll_id=poll_id,
            question_id=question_id,
            option_id=option_id,
            query=query,
            body=body,
            members=members,
        )

    def delete_option(self, poll_id: str, question_id: str, option_id: str, query: Query = ()) -> Response:
        """Remove an option.

        Args:
            poll_id: id of the poll.
            question_id: place of the question, from 1.
            option_id: place of the option, from 1.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/polls/delete-polls-question-option-via-api
        """
        return self._call(DELETE_OPTION, poll_id=poll_id, question_id=question_id, option_id=option_id, query=query)

    def list_sessions(self, poll_id: str, query: Query = ()) -> Response:
        """List the sessions in which a poll ran.

        Args:
            poll_id: id of the poll.
            query: a `PollPageQuery`, or its members.

        https://www.100ms.live/docs/server-side/v2/api-reference/polls/get-polls-sessions-via-api
        """
        return self._call(LIST_SESSIONS, poll_id=poll_id, query=query)

    def iterate_sessions(
        self, poll_id: str, query: Query = (), *, max_items: int | None = None, **filters: object
    ) -> Iterator[dict[str, Any]]:
        """Yield the runs of all pages. Takes the parameters of `list_sessions`.

        Raises:
            HmsError: 100ms responded with an error status.
        """
        return self._iterate(
            partial(self.list_sessions, poll_id), query, filters, max_items=max_items, items="responses"
        )

    def retrieve_session(self, poll_id: str, session_id: str, query: Query = ()) -> Response:
        """List the runs of a poll in one session.

        Args:
            poll_id: id of the poll.
            session_id: id of the room's session.
            query: a `PollPageQuery`, or its members.

        https://www.100ms.live/docs/server-side/v2/api-reference/polls/get-polls-sessions-via-api
        """
        return self._call(RETRIEVE_SESSION, poll_id=poll_id, session_id=session_id, query=query)

    def iterate_session(
        self, poll_id: str, session_id: str, query: Query = (), *, max_items: int | None = None, **filters: object
    ) -> Iterator[dict[str, Any]]:
        """Yield the runs of all pages. Takes the parameters of `retrieve_session`.

        Raises:
            HmsError: 100ms responded with an error status.
        """
        list_page = partial(self.retrieve_session, poll_id, session_id)
        return self._iterate(list_page, query, filters, max_items=max_items, items="responses")

    def list_responses(self, poll_id: str, query: Query = ()) -> Response:
        """List the responses to a poll.

        Args:
            poll_id: id of the poll.
            query: a `PollAnswersQuery`, or its members.

        https://www.100ms.live/docs/server-side/v2/api-reference/polls/get-polls-responses-via-api
        """
        return self._call(LIST_RESPONSES, poll_id=poll_id, query=query)

    def iterate_responses(
        self, poll_id: str, query: Query = (), *, max_items: int | None = None, **filters: object
    ) -> Iterator[dict[str, Any]]:
        """Yield the responses of all pages. Takes the parameters of `list_responses`.

        Raises:
            HmsError: 100ms responded with an error status.
        """
        return self._iterate(
            partial(self.list_responses, poll_id), query, filters, max_items=max_items, items="responses"
        )

    def retrieve_response(self, poll_id: str, response_id: str, query: Query = ()) -> Response:
        """Fetch one response.

        Args:
            poll_id: id of the poll.
            response_id: id of the response.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/polls/get-polls-response-via-api
        """
        return self._call(RETRIEVE_RESPONSE, poll_id=poll_id, response_id=response_id, query=query)

    def list_results(self, poll_id: str, query: Query = ()) -> Response:
        """List the results of a poll.

        Args:
            poll_id: id of the poll.
            query: a `PollAnswersQuery`, or its members.

        https://www.100ms.live/docs/server-side/v2/api-reference/polls/get-polls-results-via-api
        """
        return self._call(LIST_RESULTS, poll_id=poll_id, query=query)

    def iterate_results(
        self, poll_id: str, query: Query = (), *, max_items: int | None = None, **filters: object
    ) -> Iterator[dict[str, Any]]:
        """Yield the results of all pages. Takes the parameters of `list_results`.

        Raises:
            HmsError: 100ms responded with an error status.
        """
        return self._iterate(partial(self.list_results, poll_id), query, filters, max_items=max_items, items="results")

    def retrieve_result(self, poll_id: str, result_id: str, query: Query = ()) -> Response:
        """Fetch one result.

        Args:
            poll_id: id of the poll.
            result_id: id of the result.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/polls/get-polls-result-via-api
        """
        return self._call(RETRIEVE_RESULT, poll_id=poll_id, result_id=result_id, query=query)

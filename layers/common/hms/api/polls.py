"""Polls and quizzes: one method an operation of the REST API."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from hms.api.section import Section
from hms.client import ObjectBody, Query, Reply


class Polls(Section):
    """Operations under /polls."""

    def create(self, body: ObjectBody, query: Query = ()) -> Reply:
        """Define a poll or quiz.

        Args:
            body: a `Poll`, or its members.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/polls/create-polls-via-api
        """
        return self._call("POST", "polls", query=query, body=body, body_model="Poll")

    def update(self, poll_id: str, body: ObjectBody, query: Query = ()) -> Reply:
        """Replace a poll.

        Args:
            poll_id: id of the poll.
            body: a `Poll`, or its members.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/polls/update-polls-via-api
        """
        return self._call("POST", "polls", poll_id, query=query, body=body, body_model="Poll")

    def retrieve(self, poll_id: str, query: Query = ()) -> Reply:
        """Read a poll with questions, options and answers.

        Args:
            poll_id: id of the poll.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/polls/get-polls-via-api
        """
        return self._call("GET", "polls", poll_id, query=query)

    def update_question(self, poll_id: str, question_id: str, body: ObjectBody, query: Query = ()) -> Reply:
        """Replace one question of a poll.

        Args:
            poll_id: id of the poll.
            question_id: place of the question, from 1.
            body: a `PollQuestion`, or its members.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/polls/update-polls-question-via-api
        """
        return self._call(
            "POST", "polls", poll_id, "questions", question_id, query=query, body=body, body_model="PollQuestion"
        )

    def delete_question(self, poll_id: str, question_id: str, query: Query = ()) -> Reply:
        """Remove a question.

        Args:
            poll_id: id of the poll.
            question_id: place of the question, from 1.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/polls/delete-polls-question-via-api
        """
        return self._call("DELETE", "polls", poll_id, "questions", question_id, query=query)

    def update_option(
        self, poll_id: str, question_id: str, option_id: str, body: ObjectBody, query: Query = ()
    ) -> Reply:
        """Replace one option of a question.

        Args:
            poll_id: id of the poll.
            question_id: place of the question, from 1.
            option_id: place of the option, from 1.
            body: a `PollOption`, or its members.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/polls/update-polls-question-option-via-api
        """
        path = ("polls", poll_id, "questions", question_id, "options", option_id)
        return self._call("POST", *path, query=query, body=body, body_model="PollOption")

    def delete_option(self, poll_id: str, question_id: str, option_id: str, query: Query = ()) -> Reply:
        """Remove an option.

        Args:
            poll_id: id of the poll.
            question_id: place of the question, from 1.
            option_id: place of the option, from 1.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/polls/delete-polls-question-option-via-api
        """
        return self._call("DELETE", "polls", poll_id, "questions", question_id, "options", option_id, query=query)

    def list_sessions(self, poll_id: str, query: Query = ()) -> Reply:
        """List the sessions a poll ran in.

        Args:
            poll_id: id of the poll.
            query: a `PollPageQuery`, or its members.

        https://www.100ms.live/docs/server-side/v2/api-reference/polls/get-polls-sessions-via-api
        """
        return self._call("GET", "polls", poll_id, "sessions", query=query, query_model="PollPageQuery")

    def iterate_sessions(
        self, poll_id: str, query: Query = (), *, max_items: int | None = None, **filters: object
    ) -> Iterator[dict[str, Any]]:
        """The runs of all pages; as `list_sessions`, and raises `HmsError` for an answer that is no success."""
        return self._iterate(
            partial(self.list_sessions, poll_id), query, filters, max_items=max_items, items="responses"
        )

    def retrieve_session(self, poll_id: str, session_id: str, query: Query = ()) -> Reply:
        """List a poll's runs for one session.

        Args:
            poll_id: id of the poll.
            session_id: id of the room's session.
            query: a `PollPageQuery`, or its members.

        https://www.100ms.live/docs/server-side/v2/api-reference/polls/get-polls-sessions-via-api
        """
        return self._call("GET", "polls", poll_id, "sessions", session_id, query=query, query_model="PollPageQuery")

    def iterate_session(
        self, poll_id: str, session_id: str, query: Query = (), *, max_items: int | None = None, **filters: object
    ) -> Iterator[dict[str, Any]]:
        """The runs of all pages; as `retrieve_session`, and raises `HmsError` for an answer that is no success."""
        list_page = partial(self.retrieve_session, poll_id, session_id)
        return self._iterate(list_page, query, filters, max_items=max_items, items="responses")

    def list_responses(self, poll_id: str, query: Query = ()) -> Reply:
        """List the responses given to a poll.

        Args:
            poll_id: id of the poll.
            query: a `PollAnswersQuery`, or its members.

        https://www.100ms.live/docs/server-side/v2/api-reference/polls/get-polls-responses-via-api
        """
        return self._call("GET", "polls", poll_id, "responses", query=query, query_model="PollAnswersQuery")

    def iterate_responses(
        self, poll_id: str, query: Query = (), *, max_items: int | None = None, **filters: object
    ) -> Iterator[dict[str, Any]]:
        """The responses of all pages; as `list_responses`, and raises `HmsError` for an answer that is no success."""
        return self._iterate(
            partial(self.list_responses, poll_id), query, filters, max_items=max_items, items="responses"
        )

    def retrieve_response(self, poll_id: str, response_id: str, query: Query = ()) -> Reply:
        """Read one response.

        Args:
            poll_id: id of the poll.
            response_id: id of the response.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/polls/get-polls-response-via-api
        """
        return self._call("GET", "polls", poll_id, "responses", response_id, query=query)

    def list_results(self, poll_id: str, query: Query = ()) -> Reply:
        """List the scores of a poll.

        Args:
            poll_id: id of the poll.
            query: a `PollAnswersQuery`, or its members.

        https://www.100ms.live/docs/server-side/v2/api-reference/polls/get-polls-results-via-api
        """
        return self._call("GET", "polls", poll_id, "results", query=query, query_model="PollAnswersQuery")

    def iterate_results(
        self, poll_id: str, query: Query = (), *, max_items: int | None = None, **filters: object
    ) -> Iterator[dict[str, Any]]:
        """The results of all pages; as `list_results`, and raises `HmsError` for an answer that is no success."""
        return self._iterate(partial(self.list_results, poll_id), query, filters, max_items=max_items, items="results")

    def retrieve_result(self, poll_id: str, result_id: str, query: Query = ()) -> Reply:
        """Read one score.

        Args:
            poll_id: id of the poll.
            result_id: id of the result.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/polls/get-polls-result-via-api
        """
        return self._call("GET", "polls", poll_id, "results", result_id, query=query)

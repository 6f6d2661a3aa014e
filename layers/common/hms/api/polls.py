"""Polls and quizzes: one method an operation of the REST API."""

from hms.api.section import Section
from hms.client import ObjectBody, Query, Reply


class Polls(Section):
    """Operations under /polls."""

    def create(self, body: ObjectBody, query: Query = ()) -> Reply:
        """Define a poll or quiz.

        https://www.100ms.live/docs/server-side/v2/api-reference/polls/create-polls-via-api
        """
        return self._call("POST", "polls", query=query, body=body)

    def update(self, poll_id: str, body: ObjectBody, query: Query = ()) -> Reply:
        """Replace a poll.

        https://www.100ms.live/docs/server-side/v2/api-reference/polls/update-polls-via-api
        """
        return self._call("POST", "polls", poll_id, query=query, body=body)

    def retrieve(self, poll_id: str, query: Query = ()) -> Reply:
        """Read a poll with questions, options and answers.

        https://www.100ms.live/docs/server-side/v2/api-reference/polls/get-polls-via-api
        """
        return self._call("GET", "polls", poll_id, query=query)

    def update_question(self, poll_id: str, question_id: str, body: ObjectBody, query: Query = ()) -> Reply:
        """Replace one question of a poll.

        https://www.100ms.live/docs/server-side/v2/api-reference/polls/update-polls-question-via-api
        """
        return self._call("POST", "polls", poll_id, "questions", question_id, query=query, body=body)

    def delete_question(self, poll_id: str, question_id: str, query: Query = ()) -> Reply:
        """Remove a question.

        https://www.100ms.live/docs/server-side/v2/api-reference/polls/delete-polls-question-via-api
        """
        return self._call("DELETE", "polls", poll_id, "questions", question_id, query=query)

    def update_option(
        self, poll_id: str, question_id: str, option_id: str, body: ObjectBody, query: Query = ()
    ) -> Reply:
        """Replace one option of a question.

        https://www.100ms.live/docs/server-side/v2/api-reference/polls/update-polls-question-option-via-api
        """
        return self._call(
            "POST", "polls", poll_id, "questions", question_id, "options", option_id, query=query, body=body
        )

    def delete_option(self, poll_id: str, question_id: str, option_id: str, query: Query = ()) -> Reply:
        """Remove an option.

        https://www.100ms.live/docs/server-side/v2/api-reference/polls/delete-polls-question-option-via-api
        """
        return self._call("DELETE", "polls", poll_id, "questions", question_id, "options", option_id, query=query)

    def list_sessions(self, poll_id: str, query: Query = ()) -> Reply:
        """List the sessions a poll ran in.

        https://www.100ms.live/docs/server-side/v2/api-reference/polls/get-polls-sessions-via-api
        """
        return self._call("GET", "polls", poll_id, "sessions", query=query)

    def retrieve_session(self, poll_id: str, session_id: str, query: Query = ()) -> Reply:
        """List a poll's runs for one session.

        https://www.100ms.live/docs/server-side/v2/api-reference/polls/get-polls-sessions-via-api
        """
        return self._call("GET", "polls", poll_id, "sessions", session_id, query=query)

    def list_responses(self, poll_id: str, query: Query = ()) -> Reply:
        """List the responses given to a poll.

        https://www.100ms.live/docs/server-side/v2/api-reference/polls/get-polls-responses-via-api
        """
        return self._call("GET", "polls", poll_id, "responses", query=query)

    def retrieve_response(self, poll_id: str, response_id: str, query: Query = ()) -> Reply:
        """Read one response.

        https://www.100ms.live/docs/server-side/v2/api-reference/polls/get-polls-response-via-api
        """
        return self._call("GET", "polls", poll_id, "responses", response_id, query=query)

    def list_results(self, poll_id: str, query: Query = ()) -> Reply:
        """List the scores of a poll.

        https://www.100ms.live/docs/server-side/v2/api-reference/polls/get-polls-results-via-api
        """
        return self._call("GET", "polls", poll_id, "results", query=query)

    def retrieve_result(self, poll_id: str, result_id: str, query: Query = ()) -> Reply:
        """Read one score.

        https://www.100ms.live/docs/server-side/v2/api-reference/polls/get-polls-result-via-api
        """
        return self._call("GET", "polls", poll_id, "results", result_id, query=query)

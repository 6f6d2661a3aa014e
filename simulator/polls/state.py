"""Keep the workspace's polls and their questions."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from simulator.contract import check_body, no_documented_text
from simulator.errors import NotFound
from simulator.polls.definition import (
    fill_option,
    fill_poll,
    fill_question,
    find_item,
    normalize_attachments,
    remove_item,
    remove_option_from_answer,
    replace_item,
)
from simulator.store import Store

Json = dict[str, Any]


@dataclass
class Poll:
    """A poll or quiz; `content` has all members of the API except the ID."""

    id: str
    content: Json

    @property
    def questions(self) -> list[Json]:
        """The questions, in order."""
        questions: list[Json] = self.content["questions"]
        return questions

    def question(self, number: str) -> Json:
        """Return the question with this number. Raises NotFound."""
        return find_item(self.questions, "Question", number)

    def to_dict(self, hides_answers: bool = False) -> Json:
        """Return the poll as in the API, without its hidden answers if `hides_answers`."""
        questions = map(_without_hidden_answer, self.questions) if hides_answers else self.questions
        return {"id": self.id, **self.content, "questions": list(questions)}


class Polls:
    """All polls. Each change replaces a whole poll, question or option."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._polls: dict[str, Poll] = {}

    def list_existing(self, poll_ids: Iterable[str]) -> list[Poll]:
        """Return the polls with these IDs, without unknown ones."""
        return [self._polls[poll_id] for poll_id in poll_ids if poll_id in self._polls]

    def get(self, poll_id: str) -> Poll:
        """Return a poll. Raises NotFound."""
        if poll_id not in self._polls:
            raise NotFound("Poll not found")
        return self._polls[poll_id]

    def create(self, body: Json) -> Poll:
        """Create a poll. Raises BadRequest."""
        body = normalize_attachments(body)
        check_body("createPoll", body, no_documented_text)
        poll = Poll(self._store.ids.new(), fill_poll(body))
        self._polls[poll.id] = poll
        return poll

    def replace(self, poll_id: str, body: Json) -> Poll:
        """Replace the content of a poll. Raises NotFound, BadRequest."""
        poll = self.get(poll_id)
        body = normalize_attachments(body)
        check_body("updatePoll", body, no_documented_text)
        poll.content = fill_poll(body)
        return poll

    def put_question(self, poll_id: str, number: str, body: Json) -> Json:
        """Replace a question. Raises NotFound, BadRequest."""
        questions = self.get(poll_id).questions
        body = normalize_attachments(body)
        check_body("updatePollQuestion", body, no_documented_text)
        return replace_item(questions, "Question", number, fill_question(body))

    def delete_question(self, poll_id: str, number: str) -> None:
        """Remove a question. Raises NotFound."""
        remove_item(self.get(poll_id).questions, "Question", number)

    def put_option(self, poll_id: str, number: str, option_number: str, body: Json) -> Json:
        """Replace an option. Raises NotFound, BadRequest."""
        question = self.get(poll_id).question(number)
        check_body("updatePollOption", body, no_documented_text)
        return replace_item(question["options"], "Option", option_number, fill_option(body))

    def delete_option(self, poll_id: str, number: str, option_number: str) -> None:
        """Remove an option. Raises NotFound."""
        question = self.get(poll_id).question(number)
        remove_option_from_answer(question, remove_item(question["options"], "Option", option_number))


def _without_hidden_answer(question: Json) -> Json:
    is_hidden = question.get("answer", {}).get("hidden", False)
    return {name: value for name, value in question.items() if name != "answer" or not is_hidden}

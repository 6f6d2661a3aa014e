"""The workspace's polls: what they ask."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from simulator.contract import check_body, undocumented
from simulator.errors import NotFound
from simulator.polls.definition import (
    filled_option,
    filled_poll,
    filled_question,
    find,
    forget_option,
    put,
    take,
    with_attachments,
)
from simulator.store import Store

Json = dict[str, Any]


@dataclass
class Poll:
    """A poll or quiz; `content` is all the API answers of it but the id."""

    id: str
    content: Json

    @property
    def questions(self) -> list[Json]:
        """What it asks, in order."""
        questions: list[Json] = self.content["questions"]
        return questions

    def question(self, number: str) -> Json:
        """The question of this number; raises NotFound."""
        return find(self.questions, "Question", number)

    def shown(self) -> Json:
        """The poll as the API answers it."""
        return {"id": self.id, **self.content}


class Polls:
    """All polls; each change replaces all of what it names."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._polls: dict[str, Poll] = {}

    def existing(self, poll_ids: Iterable[str]) -> list[Poll]:
        """Those of the polls that there are."""
        return [self._polls[poll_id] for poll_id in poll_ids if poll_id in self._polls]

    def get(self, poll_id: str) -> Poll:
        """One poll; raises NotFound."""
        if poll_id not in self._polls:
            raise NotFound("Poll not found")
        return self._polls[poll_id]

    def create(self, body: Json) -> Poll:
        """Define a poll. Raises Invalid."""
        body = with_attachments(body)
        check_body("createPoll", body, undocumented)
        poll = Poll(self._store.ids.new(), filled_poll(body))
        self._polls[poll.id] = poll
        return poll

    def replace(self, poll_id: str, body: Json) -> Poll:
        """Define a poll anew. Raises NotFound, Invalid."""
        poll = self.get(poll_id)
        body = with_attachments(body)
        check_body("updatePoll", body, undocumented)
        poll.content = filled_poll(body)
        return poll

    def put_question(self, poll_id: str, number: str, body: Json) -> Json:
        """Replace a question. Raises NotFound, Invalid."""
        questions = self.get(poll_id).questions
        body = with_attachments(body)
        check_body("updatePollQuestion", body, undocumented)
        return put(questions, "Question", number, filled_question(body))

    def delete_question(self, poll_id: str, number: str) -> None:
        """Remove a question. Raises NotFound."""
        take(self.get(poll_id).questions, "Question", number)

    def put_option(self, poll_id: str, number: str, option_number: str, body: Json) -> Json:
        """Replace an option. Raises NotFound, Invalid."""
        question = self.get(poll_id).question(number)
        check_body("updatePollOption", body, undocumented)
        return put(question["options"], "Option", option_number, filled_option(body))

    def delete_option(self, poll_id: str, number: str, option_number: str) -> None:
        """Remove an option. Raises NotFound."""
        question = self.get(poll_id).question(number)
        forget_option(question, take(question["options"], "Option", option_number))

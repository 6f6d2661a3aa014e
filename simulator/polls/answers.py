"""Validate and score answers to questions."""

from dataclasses import dataclass
from typing import Any

from simulator.errors import invalid_body
from simulator.polls.definition import find_item

Json = dict[str, Any]

MULTIPLE_CHOICE = "multiple-choice"


@dataclass(frozen=True)
class Answer:
    """The indexes of the chosen options, or a text. Without both, the question is skipped."""

    options: tuple[int, ...] = ()
    text: str | None = None

    @property
    def skipped(self) -> bool:
        """True if the question is skipped."""
        return not self.options and self.text is None

    def check(self, question: Json) -> None:
        """Raise BadRequest if the answer does not fit the question, NotFound if an option does not exist."""
        if self.skipped and not question["skippable"]:
            raise invalid_body("Invalid body param: the question cannot be skipped")
        if self.text is not None and question["options"]:
            raise invalid_body("Invalid body param: the question requires an option, not a text")
        if len(self.options) > 1 and question.get("type") != MULTIPLE_CHOICE:
            raise invalid_body("Invalid body param: the question allows one option")
        for option in self.options:
            find_item(question["options"], "Option", str(option))
        if self.text is not None:
            _check_length(question, self.text)

    def to_text(self, question: Json) -> str:
        """Return the text, or the texts of the chosen options."""
        # [polls.response-text] `text` holds the texts of the chosen options.
        return self.text or ", ".join(option.get("text", "") for option in self._chosen(question))

    def score(self, question: Json) -> int:
        """Return the score of the answer in a quiz."""
        # [polls.scores] a right answer scores the weight of the question times that of each chosen option (1 by
        # default).
        # Multiple choice needs exactly the right options; single choice needs any right one.
        if not self._is_right(question, question.get("answer", {})):
            return 0
        points = sum(option.get("weight", 1) for option in self._chosen(question)) if self.options else 1
        score: int = question["weight"] * points
        return score

    def _is_right(self, question: Json, correct_answer: Json) -> bool:
        if self.options:
            # [polls.answer-option] `answer.option` names a right option as `answer.options` does.
            correct = {*correct_answer.get("options", ()), *filter(None, [correct_answer.get("option")])}
            chosen = set(self.options)
            return chosen == correct if question.get("type") == MULTIPLE_CHOICE else chosen <= correct
        return (
            self.text is not None
            and "text" in correct_answer
            and _normalize(self.text, correct_answer) == _normalize(correct_answer["text"], correct_answer)
        )

    def _chosen(self, question: Json) -> list[Json]:
        return [option for option in question["options"] if option["index"] in self.options]


def _check_length(question: Json, text: str) -> None:
    shortest, longest = question.get("answer_min_len", 0), question.get("answer_max_len", len(text))
    if not shortest <= len(text) <= longest:
        raise invalid_body(f"Invalid body param: text must have {shortest} to {longest} characters")


def _normalize(text: str, rules: Json) -> str:
    text = text.strip() if rules.get("trim") else text
    return text if rules.get("case") else text.casefold()

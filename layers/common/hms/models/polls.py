"""Polls and quizzes: https://www.100ms.live/docs/server-side/v2/api-reference/polls/create-polls-via-api"""

from typing import Annotated, Any, Literal

from pydantic import Field, ValidatorFunctionWrapHandler, WrapValidator

from hms.models.base import Items, Model
from hms.models.query import Flag, Integer, PageQuery

Index = Annotated[int, Field(ge=1)]


class PollAttachment(Model):
    """A file shown with a question.

    Attributes:
        type: MIME type of the file.
        url: URL of the file.
    """

    type: str | None = None
    url: str | None = None


def _url_or(value: Any, check: ValidatorFunctionWrapHandler) -> Any:
    return value if isinstance(value, str) else check(value)


class PollAnswer(Model):
    """The correct answer to a quiz question.

    Attributes:
        hidden: whether the answer is hidden during the quiz.
        options: indexes of the correct options, from 1.
        option: index of the correct option of a single choice, from 1.
        text: expected text.
        case: whether the comparison is case-sensitive.
        trim: whether spaces around the text are ignored.
    """

    hidden: bool | None = None
    options: Items[Index] | None = None
    option: Index | None = None
    text: str | None = None
    case: bool | None = None
    trim: bool | None = None


class PollOption(Model):
    """An option of a question. In an update, it replaces the option with its index.

    https://www.100ms.live/docs/server-side/v2/api-reference/polls/update-polls-question-option-via-api

    Attributes:
        index: index of the option, from 1.
        text: text of the option.
        weight: weight of the option in the score.
    """

    index: Index | None = None
    text: str | None = None
    weight: int | None = None


class PollQuestion(Model):
    """A question of a poll. In an update, it replaces the question with its index.

    https://www.100ms.live/docs/server-side/v2/api-reference/polls/update-polls-question-via-api

    Attributes:
        index: index of the question, from 1.
        text: text of the question.
        format: format of the text; 100ms's default is `text`.
        attachment: files shown with the question. Plain URLs are also valid, as on one page of 100ms.
        skippable: whether voters can skip the question; 100ms's default is true.
        duration: seconds for which the question is shown.
        once: whether a response is final; 100ms's default is false.
        weight: weight of the question in the score; 100ms's default is 1.
        answer_min_len: minimum length of a text answer, in characters.
        answer_max_len: maximum length of a text answer, in characters.
        type: type of the question, such as `single-choice`. 100ms documents no list of types.
        answer: the correct answer.
        options: options to choose from.
    """

    index: Index | None = None
    text: str | None = None
    format: str | None = None
    attachment: Items[Annotated[PollAttachment, WrapValidator(_url_or)]] | None = None
    skippable: bool | None = None
    duration: int | None = None
    once: bool | None = None
    weight: int | None = None
    answer_min_len: int | None = None
    answer_max_len: int | None = None
    type: str | None = None
    answer: PollAnswer | None = None
    options: Items[PollOption] | None = None


class Poll(Model):
    """A poll or quiz. An update replaces the whole poll.

    https://www.100ms.live/docs/server-side/v2/api-reference/polls/update-polls-via-api

    Attributes:
        title: title of the poll.
        duration: seconds for which a started poll is open; 0: until it is stopped or the session ends.
        anonymous: whether responses are stored without peer id and user id; 100ms's default is false.
        mode: id that identifies voters; 100ms's default is `userid`.
        type: type of the poll; 100ms's default is `poll`.
        start: `auto` starts the poll with the session of a linked room; 100ms's default is `auto`.
        questions: questions of the poll.
    """

    response_fields = frozenset({"id"})

    title: str | None = None
    duration: int | None = None
    anonymous: bool | None = None
    mode: Literal["userid", "peerid"] | None = None
    type: Literal["poll", "quiz"] | None = None
    start: Literal["auto", "manual"] | None = None
    questions: Items[PollQuestion] | None = None


class PollPageQuery(PageQuery):
    """Page of the sessions, responses or results of a poll.

    https://www.100ms.live/docs/server-side/v2/api-reference/polls/get-polls-sessions-via-api

    Attributes:
        limit: items per page. 100ms documents no range.
    """

    limit: Integer | None = None


class PollAnswersQuery(PollPageQuery):
    """Filters for responses and results of a poll.

    https://www.100ms.live/docs/server-side/v2/api-reference/polls/get-polls-responses-via-api
    https://www.100ms.live/docs/server-side/v2/api-reference/polls/get-polls-results-via-api

    Attributes:
        question: index of the question, from 1.
        all: whether to include responses that were later updated; 100ms's default is false.
    """

    question: Annotated[Integer, Field(ge=1)] | None = None
    all: Flag | None = None

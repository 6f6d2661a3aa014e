"""Polls and quizzes: https://www.100ms.live/docs/server-side/v2/api-reference/polls/create-polls-via-api"""

from typing import Annotated, Any, Literal

from pydantic import Field, ValidatorFunctionWrapHandler, WrapValidator

from hms.models.base import Items, Model
from hms.models.query import Flag, Integer, PageQuery

Index = Annotated[int, Field(ge=1)]


class PollAttachment(Model):
    """A file shown with a question.

    Attributes:
        type: MIME type.
        url: where it is.
    """

    type: str | None = None
    url: str | None = None


def _url_or(value: Any, check: ValidatorFunctionWrapHandler) -> Any:
    return value if isinstance(value, str) else check(value)


class PollAnswer(Model):
    """The right answer of a quiz question.

    Attributes:
        hidden: whether it is withheld while the quiz runs.
        options: numbers of the right options, from 1.
        option: number of the right option of a single choice, from 1.
        text: the text expected.
        case: whether upper and lower case matter.
        trim: whether blanks around the text are left aside.
    """

    hidden: bool | None = None
    options: Items[Index] | None = None
    option: Index | None = None
    text: str | None = None
    case: bool | None = None
    trim: bool | None = None


class PollOption(Model):
    """An option, which replaces the one at its place.

    https://www.100ms.live/docs/server-side/v2/api-reference/polls/update-polls-question-option-via-api

    Attributes:
        index: its place, from 1.
        text: what it says.
        weight: what it counts for.
    """

    index: Index | None = None
    text: str | None = None
    weight: int | None = None


class PollQuestion(Model):
    """A question, which replaces the one at its place.

    https://www.100ms.live/docs/server-side/v2/api-reference/polls/update-polls-question-via-api

    Attributes:
        index: its place, from 1.
        text: what it asks.
        format: format of the text; 100ms's default is `text`.
        attachment: files shown with it; plain URLs pass too, as one page has them.
        skippable: whether it need not be answered; 100ms's default is true.
        duration: seconds for which it is shown.
        once: whether a response is final; 100ms's default is false.
        weight: what it counts for; 100ms's default is 1.
        answer_min_len: characters that a text answer must have.
        answer_max_len: characters that a text answer may have.
        type: kind of question, such as `single-choice`; 100ms documents no list of them.
        answer: the right answer.
        options: what there is to choose from.
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
    """A poll or quiz; an update replaces all of it.

    https://www.100ms.live/docs/server-side/v2/api-reference/polls/update-polls-via-api

    Attributes:
        title: its title.
        duration: seconds for which it is open once started; 0: until it is stopped or the session ends.
        anonymous: whether neither peer nor user id is kept; 100ms's default is false.
        mode: how voters are told apart; 100ms's default is `userid`.
        type: 100ms's default is `poll`.
        start: `auto` starts it with a linked room's session, and is 100ms's default.
        questions: what it asks.
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
    """Which page of what belongs to a poll.

    https://www.100ms.live/docs/server-side/v2/api-reference/polls/get-polls-sessions-via-api

    Attributes:
        limit: items a page; 100ms documents no range here.
    """

    limit: Integer | None = None


class PollAnswersQuery(PollPageQuery):
    """Which responses or results a list shows.

    https://www.100ms.live/docs/server-side/v2/api-reference/polls/get-polls-responses-via-api
    https://www.100ms.live/docs/server-side/v2/api-reference/polls/get-polls-results-via-api

    Attributes:
        question: only those of the question at this place, from 1.
        all: whether responses that were updated since are there too; 100ms's default is false.
    """

    question: Annotated[Integer, Field(ge=1)] | None = None
    all: Flag | None = None

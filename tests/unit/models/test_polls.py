import json
from typing import Any

import pytest

from hms.client import HmsClient
from hms.models.base import Model
from hms.models.polls import Poll, PollAnswersQuery, PollOption, PollPageQuery, PollQuestion
from tests.support.contract import examples
from tests.support.servers import ScriptedServer, answer
from tests.unit.models.checks import documented_answers, problems

MODELS: dict[str, type[Model]] = {
    "createPoll": Poll,
    "updatePoll": Poll,
    "updatePollQuestion": PollQuestion,
    "updatePollOption": PollOption,
}


@pytest.mark.parametrize("operation_id", MODELS)
def test_the_documented_requests_pass(operation_id: str) -> None:
    for body in examples(operation_id).values():
        assert problems(MODELS[operation_id], body, closed=True) == []


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("operation_id", MODELS)
def test_what_is_read_and_posted_back_passes(operation_id: str, closed: bool) -> None:
    for example in documented_answers(operation_id):
        assert problems(MODELS[operation_id], example, closed=closed) == []


def test_a_poll_need_have_nothing() -> None:
    assert problems(Poll, {}) == []
    assert problems(Poll, dict.fromkeys(Poll.model_fields)) == []


def test_the_right_option_of_a_single_choice_is_a_number() -> None:
    assert problems(PollQuestion, {"answer": {"hidden": False, "option": 1}}, closed=True) == []


def test_an_attachment_is_an_object_or_a_url() -> None:
    attachment = [{"type": "image/png", "url": "https://example.com/a.png"}, "https://example.com/b.png"]
    assert problems(PollQuestion, {"attachment": attachment}) == []


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ({"index": 0}, "index"),
        ({"attachment": [{"url": 7}]}, "attachment.0.url"),
        ({"attachment": [7]}, "attachment.0"),
        ({"answer": {"options": [1, 0]}}, "answer.options.1"),
        ({"answer": {"option": 0}}, "answer.option"),
        ({"answer": {"trim": "true"}}, "answer.trim"),
        ({"options": [{}, {"index": 0}]}, "options.1.index"),
        ({"answerMinLen": 1}, "answerMinLen"),
    ],
)
def test_a_question_is_checked_where_it_stands(question: dict[str, Any], field: str) -> None:
    (problem,) = problems(Poll, {"questions": [{}, question]})
    assert problem.startswith(f"questions.1.{field}: ")


@pytest.mark.parametrize("limit", ["1", "20", "500"])
def test_a_page_has_no_documented_size(limit: str) -> None:
    assert problems(PollPageQuery, {"limit": limit, "start": "a"}) == []
    assert problems(PollAnswersQuery, {"limit": limit, "all": "true", "question": "1"}, closed=True) == []


@pytest.mark.parametrize(("name", "value"), [("question", "0"), ("question", "first"), ("all", "yes"), ("limit", "a")])
def test_a_filter_that_cannot_be_read_is_refused(name: str, value: str) -> None:
    (problem,) = problems(PollAnswersQuery, {name: value})
    assert problem.startswith(f"{name}: ")


@pytest.mark.parametrize(
    ("operation", "arguments", "path", "items"),
    [
        ("iterate_sessions", ("p",), "/v2/polls/p/sessions", "responses"),
        ("iterate_session", ("p", "s"), "/v2/polls/p/sessions/s", "responses"),
        ("iterate_responses", ("p",), "/v2/polls/p/responses", "responses"),
        ("iterate_results", ("p",), "/v2/polls/p/results", "results"),
    ],
)
def test_the_items_of_all_pages_follow_one_another(
    client: HmsClient, upstream: ScriptedServer, operation: str, arguments: tuple[str, ...], path: str, items: str
) -> None:
    pages = [{"limit": 1, items: [{"id": "a"}], "last": "a"}, {"limit": 1, items: [{"id": "b"}], "last": ""}]
    upstream.script[:] = [answer(200, json.dumps(page).encode()) for page in pages]
    found = getattr(client.polls, operation)(*arguments, {"limit": 1})
    assert [item["id"] for item in found] == ["a", "b"]
    assert [request.target for request in upstream.requests] == [f"{path}?limit=1", f"{path}?limit=1&start=a"]

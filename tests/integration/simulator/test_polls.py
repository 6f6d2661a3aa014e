"""Polls and quizzes: questions, sessions and responses."""

from typing import Any

import pytest
import requests

from tests.integration.simulator.client import Client
from tests.integration.simulator.jobs import leave, milliseconds, new_room, pass_time
from tests.support.contract import check, examples

COLOURS: Any = {"text": "Which colour?", "options": [{"text": "red"}, {"text": "green"}, {"text": "blue"}]}
WORDS: Any = {"text": "What else?"}
KEPT = {"format": "text", "skippable": True, "once": False, "weight": 1}


def colours(**more: Any) -> Any:
    return COLOURS | more


class Vote:
    """A poll and a room. `session_id` is that of the session that the first peer opens."""

    def __init__(self, simulator: Client, *questions: Any, linked: bool = True, **settings: Any) -> None:
        self.simulator = simulator
        self.poll_id = simulator.post_json("/v2/polls", {"questions": list(questions), **settings})["id"]
        self.path = f"/v2/polls/{self.poll_id}"
        self.room_id = new_room(simulator, polls=[self.poll_id] if linked else [])
        self.session_id = ""

    def join(self, user_id: str = "user-1") -> str:
        peer = {"name": "Ada", "role": "host", "user_id": user_id}
        peer_id = str(self.simulator.post_json(f"/_simulator/rooms/{self.room_id}/peers", peer)["id"])
        self.session_id = self.simulator.get_json(f"/v2/active-rooms/{self.room_id}")["session"]["id"]
        return peer_id

    def try_to_respond(self, question: int = 1, **answer: Any) -> requests.Response:
        body = {"session_id": self.session_id, "question": question, **answer}
        return self.simulator.post(f"/_simulator/polls/{self.poll_id}/responses", body)

    def respond(self, question: int = 1, **answer: Any) -> Any:
        response = self.try_to_respond(question, **answer)
        assert response.status_code == 200, response.text
        return response.json()

    def responses(self, **query: Any) -> list[Any]:
        listed: list[Any] = self.simulator.get_json(f"{self.path}/responses", **query)["responses"]
        return listed

    def scores(self, **query: Any) -> list[int]:
        """Return the scores, the oldest first."""
        results = self.simulator.get_json(f"{self.path}/results", **query)["results"]
        return [result["score"] for result in reversed(results)]

    def sessions(self) -> list[Any]:
        listed: list[Any] = self.simulator.get_json(f"{self.path}/sessions")["responses"]
        return listed


# Questions


def test_a_poll_has_the_documented_defaults(simulator: Client) -> None:
    poll = simulator.post_json("/v2/polls", {"questions": [{"text": "Why?", "options": [{"text": "So."}]}]})
    assert poll == {
        "id": poll["id"],
        "anonymous": False,
        "mode": "userid",
        "type": "poll",
        "start": "auto",
        "questions": [{**KEPT, "index": 1, "text": "Why?", "options": [{"index": 1, "text": "So."}]}],
    }
    assert simulator.get_json(f"/v2/polls/{poll['id']}") == poll
    assert simulator.post_json("/v2/polls")["questions"] == []


def test_an_update_replaces_the_whole_poll(simulator: Client) -> None:
    poll = simulator.post_json("/v2/polls", {"title": "Lunch", "type": "quiz", "questions": [COLOURS]})
    path = f"/v2/polls/{poll['id']}"
    changed = simulator.post_json(path, {"anonymous": True})
    assert "title" not in changed
    assert (changed["id"], changed["type"], changed["anonymous"], changed["questions"]) == (
        poll["id"],
        "poll",
        True,
        [],
    )
    assert simulator.post_json(path, poll) == simulator.get_json(path) == poll


def test_questions_are_numbered_from_1_in_the_order_of_their_indexes(simulator: Client) -> None:
    questions = [{"text": "third", "index": 9}, {"text": "second"}, {"text": "first", "index": 1}]
    poll = simulator.post_json("/v2/polls", {"questions": questions})
    assert [(question["index"], question["text"]) for question in poll["questions"]] == [
        (1, "first"),
        (2, "second"),
        (3, "third"),
    ]


def test_an_update_replaces_a_whole_question(simulator: Client) -> None:
    poll = simulator.post_json("/v2/polls", {"questions": [WORDS, colours(weight=7, once=True)]})
    path = f"/v2/polls/{poll['id']}"
    replaced = simulator.post_json(f"{path}/questions/2", {"text": "New?", "index": 5})
    assert replaced == {**KEPT, "index": 2, "text": "New?", "options": []}
    assert simulator.get_json(path)["questions"] == [poll["questions"][0], replaced]


def test_an_update_replaces_a_whole_option(simulator: Client) -> None:
    options = [{"text": "red", "weight": 3}, {"text": "green"}]
    path = f"/v2/polls/{simulator.post_json('/v2/polls', {'questions': [{'options': options}]})['id']}"
    assert simulator.post_json(f"{path}/questions/1/options/1", {"text": "pink"}) == {"index": 1, "text": "pink"}
    (question,) = simulator.get_json(path)["questions"]
    assert question["options"] == [{"index": 1, "text": "pink"}, {"index": 2, "text": "green"}]


def test_a_deleted_question_moves_the_next_ones_up(simulator: Client) -> None:
    path = f"/v2/polls/{simulator.post_json('/v2/polls', {'questions': [{'text': text} for text in 'abc']})['id']}"
    assert simulator.delete(f"{path}/questions/2").status_code == 204
    questions = simulator.get_json(path)["questions"]
    assert [(question["index"], question["text"]) for question in questions] == [(1, "a"), (2, "c")]
    assert simulator.delete(f"{path}/questions/2").status_code == 204
    assert simulator.delete(f"{path}/questions/2").json() == {"code": 404, "message": "Question not found"}
    assert len(simulator.get_json(path)["questions"]) == 1


def test_a_deleted_option_moves_the_next_ones_up_and_the_answer_with_them(simulator: Client) -> None:
    question = colours(answer={"options": [1, 2, 3], "hidden": True})
    path = f"/v2/polls/{simulator.post_json('/v2/polls', {'questions': [question]})['id']}"
    assert simulator.delete(f"{path}/questions/1/options/2").status_code == 204
    (left,) = simulator.get_json(path)["questions"]
    assert left["options"] == [{"index": 1, "text": "red"}, {"index": 2, "text": "blue"}]
    assert left["answer"] == {"options": [1, 2], "hidden": True}
    assert simulator.delete(f"{path}/questions/1/options/3").json() == {"code": 404, "message": "Option not found"}


@pytest.mark.parametrize(
    ("body", "member"),
    [
        ({"mode": "name"}, "mode"),
        ({"type": "survey"}, "type"),
        ({"start": "later"}, "start"),
        ({"anonymous": "yes"}, "anonymous"),
        ({"duration": "long"}, "duration"),
        ({"questions": [{"index": 0}]}, "questions.0.index"),
        ({"questions": [{"options": [{"text": 5}]}]}, "questions.0.options.0.text"),
        ({"questions": [{"answer": {"options": ["1"]}}]}, "questions.0.answer.options.0"),
    ],
)
def test_a_wrong_poll_is_refused(simulator: Client, body: Any, member: str) -> None:
    poll = simulator.post_json("/v2/polls", {"title": "Lunch"})
    for path in ("/v2/polls", f"/v2/polls/{poll['id']}"):
        response = simulator.post(path, body)
        assert response.status_code == 400
        (detail,) = response.json()["details"]
        assert member in detail
    assert simulator.get_json(f"/v2/polls/{poll['id']}") == poll


def test_a_wrong_question_or_option_is_refused(simulator: Client) -> None:
    poll = simulator.post_json("/v2/polls", {"questions": [COLOURS]})
    path = f"/v2/polls/{poll['id']}"
    assert simulator.post(f"{path}/questions/1", {"text": 5}).status_code == 400
    assert simulator.post(f"{path}/questions/1/options/1", {"weight": "heavy"}).status_code == 400
    assert simulator.get_json(path) == poll


def test_what_there_is_not_is_not_found(simulator: Client) -> None:
    path = f"/v2/polls/{simulator.post_json('/v2/polls', {'questions': [COLOURS]})['id']}"
    paths = {
        "/v2/polls/0": "Poll not found",
        "/v2/polls/0/questions/1": "Poll not found",
        "/v2/polls/0/questions/1/options/1": "Poll not found",
        **{f"{path}/questions/{number}": "Question not found" for number in ("0", "2", "-1", "01", "x")},
        f"{path}/questions/2/options/1": "Question not found",
        f"{path}/questions/1/options/4": "Option not found",
    }
    for unknown, message in paths.items():
        calls = [simulator.post(unknown, {})]
        calls.append(simulator.delete(unknown) if "questions" in unknown else simulator.get(unknown))
        assert [response.json() for response in calls] == [{"code": 404, "message": message}] * 2
    for part in ("sessions", "responses", "results"):
        for unknown in (f"/v2/polls/0/{part}", f"/v2/polls/0/{part}/0", f"{path}/{part}/0"):
            assert simulator.get(unknown).status_code == 404, unknown


# Sessions


def test_a_poll_runs_while_the_session_of_a_linked_room_does(simulator: Client) -> None:
    vote = Vote(simulator, COLOURS)
    assert vote.sessions() == []
    peer_id = vote.join()
    (running,) = vote.sessions()
    assert (running["poll_id"], running["session_id"]) == (vote.poll_id, vote.session_id)
    assert (running["total_responses"], running["unique_participants"]) == (0, 0)
    assert "stopped_at" not in running
    leave(simulator, vote.room_id, peer_id)
    (stopped,) = vote.sessions()
    session = simulator.get_json(f"/v2/sessions/{vote.session_id}")
    assert milliseconds(stopped["stopped_at"]) == milliseconds(session["updated_at"])
    assert vote.try_to_respond(option=1).json() == {"code": 403, "message": "Poll is not running"}


def test_each_session_of_a_room_is_a_separate_run(simulator: Client) -> None:
    vote = Vote(simulator, COLOURS)
    session_ids = []
    for _ in range(2):
        peer_id = vote.join()
        session_ids.append(vote.session_id)
        vote.respond(option=1)
        leave(simulator, vote.room_id, peer_id)
    assert [run["session_id"] for run in vote.sessions()] == session_ids[::-1]
    for session_id in session_ids:
        (run,) = simulator.get_json(f"{vote.path}/sessions/{session_id}")["responses"]
        assert (run["session_id"], run["total_responses"]) == (session_id, 1)
    assert len(vote.responses()) == 2


def test_a_poll_that_did_not_run_in_a_session_has_none_there(simulator: Client) -> None:
    vote, other = Vote(simulator, COLOURS), Vote(simulator, COLOURS)
    vote.join()
    assert simulator.get_json(f"{other.path}/sessions/{vote.session_id}")["responses"] == []
    assert simulator.get(f"{other.path}/sessions/0").json() == {"code": 404, "message": "session not found"}


@pytest.mark.parametrize("settings", [{"start": "manual"}, {"linked": False}])
def test_a_poll_without_automatic_start_starts_with_its_first_response(simulator: Client, settings: Any) -> None:
    vote = Vote(simulator, COLOURS, **settings)
    peer_id = vote.join()
    assert vote.sessions() == []
    vote.respond(option=1)
    assert len(vote.sessions()) == 1
    leave(simulator, vote.room_id, peer_id)
    assert "stopped_at" in vote.sessions()[0]


def test_a_session_that_is_over_starts_no_poll(simulator: Client) -> None:
    vote = Vote(simulator, COLOURS, linked=False)
    leave(simulator, vote.room_id, vote.join())
    assert vote.try_to_respond(option=1).status_code == 403
    assert vote.sessions() == []


def test_a_poll_is_over_after_its_duration(simulator: Client) -> None:
    vote = Vote(simulator, COLOURS, duration=600)
    peer_id = vote.join()
    pass_time(simulator, 540)
    vote.respond(option=1)
    pass_time(simulator, 60)
    assert vote.try_to_respond(option=2).status_code == 403
    (run,) = vote.sessions()
    leave(simulator, vote.room_id, peer_id)
    assert vote.sessions() == [run]
    assert run["stopped_at"] > run["started_at"]


@pytest.mark.parametrize("duration", [0, -5, 10**30])
def test_a_poll_without_a_short_duration_runs_as_long_as_its_session(simulator: Client, duration: int) -> None:
    vote = Vote(simulator, COLOURS, duration=duration)
    vote.join()
    pass_time(simulator, 12 * 3600 - 10)
    vote.respond(option=1)
    pass_time(simulator, 20)
    session = simulator.get_json(f"/v2/sessions/{vote.session_id}")
    assert milliseconds(vote.sessions()[0]["stopped_at"]) == milliseconds(session["updated_at"])


def test_a_poll_linked_by_an_update_runs_in_the_next_session(simulator: Client) -> None:
    vote = Vote(simulator, COLOURS, linked=False)
    peer_id = vote.join()
    polls = [vote.poll_id, "655bffeecd34739a72637305", vote.poll_id]
    assert simulator.post_json(f"/v2/rooms/{vote.room_id}", {"polls": polls})["polls"] == polls
    assert vote.sessions() == []
    leave(simulator, vote.room_id, peer_id)
    vote.join()
    assert [run["session_id"] for run in vote.sessions()] == [vote.session_id]


# Responses


def test_a_response_says_who_gave_it_and_when(simulator: Client) -> None:
    vote = Vote(simulator, WORDS, COLOURS)
    peer_id = vote.join()
    pass_time(simulator, 5)
    given = vote.respond(2, option=3, user_id="user-1")
    assert (given["question"], given["text"], given["skipped"], given["update"]) == (2, "blue", False, False)
    assert (given["peer_id"], given["user_id"]) == (peer_id, "user-1")
    assert (given["poll_id"], given["session_id"]) == (vote.poll_id, vote.session_id)
    assert 5000 <= given["duration"] < 15_000
    assert "original_response" not in given
    assert simulator.get_json(f"{vote.path}/responses/{given['id']}") == given
    assert vote.responses() == [given]


def test_without_a_user_the_first_peer_responds(simulator: Client) -> None:
    vote = Vote(simulator, WORDS)
    peer_id = vote.join()
    vote.join("user-2")
    given = vote.respond(text="nothing")
    assert (given["peer_id"], given["user_id"], given["text"]) == (peer_id, "user-1", "nothing")


def test_a_user_who_is_not_in_the_session_responds_without_a_peer_id(simulator: Client) -> None:
    vote = Vote(simulator, WORDS)
    vote.join()
    given = vote.respond(text="nothing", user_id="user-9")
    assert given["user_id"] == "user-9"
    assert "peer_id" not in given


def test_an_update_is_a_new_response_that_hides_the_one_it_replaces(simulator: Client) -> None:
    vote = Vote(simulator, COLOURS)
    vote.join()
    first, second, third = (vote.respond(option=option) for option in (1, 2, 3))
    assert [first["update"], second["update"], third["update"]] == [False, True, True]
    assert (second["original_response"], third["original_response"]) == (first["id"], second["id"])
    assert vote.responses() == vote.responses(all="false") == [third]
    assert vote.responses(all="true") == [third, second, first]
    assert simulator.get_json(f"{vote.path}/responses/{first['id']}") == first
    assert len(vote.scores()) == 1
    assert len(vote.scores(all="true")) == 3
    (run,) = vote.sessions()
    assert (run["total_responses"], run["unique_participants"]) == (3, 1)


def test_a_question_that_takes_one_response_is_not_answered_again(simulator: Client) -> None:
    vote = Vote(simulator, colours(once=True), COLOURS)
    vote.join()
    first = vote.respond(option=1)
    assert vote.try_to_respond(option=2).json() == {"code": 403, "message": "The question takes one response"}
    assert vote.responses() == [first]
    vote.respond(2, option=1)
    vote.respond(1, option=2, user_id="user-2")


@pytest.mark.parametrize(("mode", "updates"), [("userid", [False, True]), ("peerid", [False, False])])
def test_the_mode_identifies_the_voters(simulator: Client, mode: str, updates: list[bool]) -> None:
    vote = Vote(simulator, COLOURS, mode=mode)
    given = []
    for _ in range(2):
        vote.join("user-1")
        given.append(vote.respond(option=1, user_id="user-1"))
    assert given[0]["peer_id"] != given[1]["peer_id"]
    assert [response["update"] for response in given] == updates
    assert vote.sessions()[0]["unique_participants"] == 1 + (mode == "peerid")


def test_an_anonymous_poll_keeps_neither_peer_nor_user(simulator: Client) -> None:
    vote = Vote(simulator, COLOURS, anonymous=True)
    vote.join()
    vote.respond(option=1)
    vote.respond(option=2)
    (response,) = vote.responses()
    (result,) = simulator.get_json(f"{vote.path}/results")["results"]
    for shown in (response, result):
        assert not {"peer_id", "user_id"} & shown.keys()
    assert response["update"] is True
    assert vote.sessions()[0]["unique_participants"] == 1


def test_only_a_skippable_question_can_be_skipped(simulator: Client) -> None:
    vote = Vote(simulator, WORDS, colours(skippable=False))
    vote.join()
    skipped = vote.respond(1)
    assert (skipped["skipped"], skipped["text"]) == (True, "")
    assert vote.try_to_respond(2).status_code == 400


@pytest.mark.parametrize(("deleted", "left"), [("1", {"option": 1}), ("2", {}), ("3", {"option": 2})])
def test_the_right_option_of_a_single_choice_moves_with_it(simulator: Client, deleted: str, left: Any) -> None:
    poll_id = simulator.post_json("/v2/polls", {"questions": [colours(answer={"option": 2})]})["id"]
    assert simulator.delete(f"/v2/polls/{poll_id}/questions/1/options/{deleted}").status_code == 204
    assert simulator.get_json(f"/v2/polls/{poll_id}")["questions"][0]["answer"] == left


def test_the_right_option_of_a_single_choice_scores(simulator: Client) -> None:
    vote = Vote(simulator, colours(answer={"hidden": False, "option": 2}), type="quiz")
    vote.join()
    for number, option in enumerate((2, 1)):
        vote.respond(option=option, user_id=f"user-{number}")
    assert vote.scores() == [1, 0]


@pytest.mark.parametrize(
    ("question", "answer", "status"),
    [
        (1, {"option": 4}, 404),
        (1, {"option": [1, 2]}, 400),
        (1, {"option": 1, "text": "red"}, 400),
        (1, {"text": "red"}, 400),
        (1, {"option": 0}, 400),
        (1, {"option": "red"}, 400),
        (1, {"choice": 1}, 400),
        (2, {"text": "a"}, 400),
        (2, {"text": "abcdef"}, 400),
        (2, {"option": 1}, 404),
        (3, {"option": 1}, 404),
    ],
)
def test_an_answer_that_the_question_does_not_take_is_refused(
    simulator: Client, question: int, answer: Any, status: int
) -> None:
    vote = Vote(simulator, COLOURS, {"answer_min_len": 2, "answer_max_len": 5})
    vote.join()
    assert vote.try_to_respond(question, **answer).status_code == status
    assert vote.responses() == []


def test_a_response_needs_a_poll_and_a_session(simulator: Client) -> None:
    vote = Vote(simulator, COLOURS)
    vote.join()
    body = {"session_id": vote.session_id, "question": 1}
    assert simulator.post("/_simulator/polls/0/responses", body).status_code == 404
    path = f"/_simulator/polls/{vote.poll_id}/responses"
    assert simulator.post(path, body | {"session_id": "0"}).status_code == 404
    assert simulator.post(path, {"question": 1}).status_code == 400


def test_a_list_shows_the_responses_to_one_question(simulator: Client) -> None:
    vote = Vote(simulator, COLOURS, WORDS, type="quiz")
    vote.join()
    vote.respond(1, option=1)
    given = vote.respond(2, text="nothing")
    assert vote.responses(question=2) == [given]
    assert vote.responses(question=3) == []
    assert (len(vote.scores(question=1)), len(vote.scores())) == (1, 2)
    for query in ({"question": 0}, {"question": "x"}, {"all": "yes"}, {"limit": 101}, {"start": "0"}):
        for part in ("responses", "results"):
            response = simulator.get(f"{vote.path}/{part}", **query)
            assert response.json()["details"] == [f"Invalid query parameter: {next(iter(query))}"]


@pytest.mark.parametrize(("part", "key"), [("responses", "responses"), ("results", "results")])
def test_pages_go_from_the_newest_to_the_oldest(simulator: Client, part: str, key: str) -> None:
    vote = Vote(simulator, COLOURS)
    vote.join()
    for number in range(25):
        vote.respond(option=1, user_id=f"user-{number}")
    seen: list[Any] = []
    sizes: list[int] = []
    last = ""
    while not sizes or sizes[-1] == 10:
        page = simulator.get_json(f"{vote.path}/{part}", limit=10, start=last)
        assert page["limit"] == 10
        assert page["last"] == page[key][-1]["id"]
        seen += page[key]
        sizes.append(len(page[key]))
        last = page["last"]
    assert sizes == [10, 10, 5]
    assert [item["user_id"] for item in seen] == [f"user-{number}" for number in reversed(range(25))]


def test_the_sessions_of_a_poll_are_listed_by_the_page(simulator: Client) -> None:
    vote = Vote(simulator, COLOURS)
    for _ in range(12):
        leave(simulator, vote.room_id, vote.join())
    first = simulator.get_json(f"{vote.path}/sessions")
    second = simulator.get_json(f"{vote.path}/sessions", start=first["last"])
    runs = first["responses"] + second["responses"]
    assert (len(first["responses"]), len({run["session_id"] for run in runs})) == (10, 12)
    assert first["last"] == first["responses"][-1]["id"]


# Scores


def test_a_right_choice_scores_the_weights_of_the_question_and_the_option(simulator: Client) -> None:
    options = [{"text": "red", "weight": 5}, {"text": "green"}, {"text": "blue", "weight": 9}]
    question = {"type": "single-choice", "weight": 2, "options": options, "answer": {"options": [1, 2]}}
    vote = Vote(simulator, question, type="quiz")
    vote.join()
    for option in (1, 2, 3):
        vote.respond(option=option, user_id=f"user-{option}")
    vote.respond(user_id="user-4")
    assert vote.scores() == [10, 2, 0, 0]


def test_several_choices_score_only_where_all_and_no_others_are_right(simulator: Client) -> None:
    vote = Vote(simulator, colours(type="multiple-choice", answer={"options": [1, 3]}), type="quiz")
    vote.join()
    for number, options in enumerate(([1, 3], [3, 1], [1], [1, 2, 3])):
        vote.respond(option=options, user_id=f"user-{number}")
    assert vote.scores() == [2, 2, 0, 0]
    assert [response["text"] for response in vote.responses()][-2:] == ["red, blue", "red, blue"]


@pytest.mark.parametrize(
    ("rules", "scores"),
    [
        ({}, [4, 4, 0]),
        ({"case": True}, [4, 0, 0]),
        ({"trim": True}, [4, 4, 4]),
        ({"case": True, "trim": True}, [4, 0, 4]),
    ],
    ids=str,
)
def test_a_text_is_compared_by_the_rules_of_the_answer(simulator: Client, rules: Any, scores: list[int]) -> None:
    vote = Vote(simulator, {"weight": 4, "answer": {"text": "Blue", **rules}}, type="quiz")
    vote.join()
    for number, text in enumerate(("Blue", "bLUE", " Blue ")):
        vote.respond(text=text, user_id=f"user-{number}")
    assert vote.scores() == scores


def test_a_poll_scores_nothing_and_a_quiz_only_what_has_an_answer(simulator: Client) -> None:
    right = colours(answer={"options": [1]})
    poll, quiz = Vote(simulator, right), Vote(simulator, right, COLOURS, WORDS, type="quiz")
    poll.join()
    poll.respond(option=1)
    quiz.join()
    quiz.respond(1, option=1)
    quiz.respond(2, option=1)
    quiz.respond(3, text="")
    assert poll.scores() == [0]
    assert quiz.scores() == [1, 0, 0]


def test_an_update_recalculates_the_score_and_a_poll_change_does_not(simulator: Client) -> None:
    vote = Vote(simulator, colours(answer={"options": [2]}), type="quiz")
    vote.join()
    vote.respond(option=1)
    assert vote.scores() == [0]
    vote.respond(option=2)
    assert vote.scores() == [1]
    simulator.delete(f"{vote.path}/questions/1")
    assert vote.scores() == [1]


# Contract


def test_the_definition_of_a_poll_answers_as_documented(simulator: Client) -> None:
    body = examples("createPoll")["twoQuestions"]
    poll = check("createPoll", simulator.post("/v2/polls", body), "created")
    assert poll == body | {"id": poll["id"]}
    path = f"/v2/polls/{poll['id']}"
    replacement = examples("updatePoll")["twoQuestions"]
    check("updatePoll", simulator.post(path, replacement), "updated")
    check("updatePoll", simulator.post("/v2/polls/0", replacement))
    check("getPoll", simulator.get(path), "poll")
    check("getPoll", simulator.get("/v2/polls/0"))
    question = examples("updatePollQuestion")["question"]
    assert check("updatePollQuestion", simulator.post(f"{path}/questions/1", question), "question") == question
    option = examples("updatePollOption")["option"]
    assert check("updatePollOption", simulator.post(f"{path}/questions/1/options/1", option), "option") == option
    for called, unused in (("Option", "questions/1/options"), ("Question", "questions")):
        check(f"deletePoll{called}", simulator.delete(f"{path}/{unused}/1"))
        check(f"deletePoll{called}", simulator.delete(f"{path}/{unused}/9"))


def test_sessions_and_responses_of_a_poll_are_as_documented(simulator: Client) -> None:
    vote = Vote(simulator, WORDS)
    peer_id = vote.join()
    vote.respond(text="first")
    response = vote.respond(text="second")
    check("listPollResponses", simulator.get(f"{vote.path}/responses"), "page")
    others = vote.join("user-2")
    vote.respond(text="another", user_id="user-2")
    check("listPollResults", simulator.get(f"{vote.path}/results"), "page")
    for peer in (peer_id, others):
        leave(simulator, vote.room_id, peer)
    check("listPollSessions", simulator.get(f"{vote.path}/sessions"), "page")
    check("getPollSession", simulator.get(f"{vote.path}/sessions/{vote.session_id}"), "page")
    check("getPollResponse", simulator.get(f"{vote.path}/responses/{response['id']}"), "response")
    result = simulator.get_json(f"{vote.path}/results")["results"][-1]
    shown = check("getPollResult", simulator.get(f"{vote.path}/results/{result['id']}"), "result")
    assert shown == result
    for operation, path in (
        ("getPollSession", "sessions/0"),
        ("getPollResponse", "responses/0"),
        ("getPollResult", "results/0"),
    ):
        check(operation, simulator.get(f"{vote.path}/{path}"))


def test_an_attachment_may_be_named_by_its_url_alone(simulator: Client) -> None:
    question = {"text": "Which?", "attachment": ["https://example.com/a.png"]}
    poll = simulator.post_json("/v2/polls", {"title": "by url", "questions": [question]})
    assert poll["questions"][0]["attachment"] == [{"url": "https://example.com/a.png"}]
    changed = simulator.post_json(f"/v2/polls/{poll['id']}/questions/1", question)
    assert changed["attachment"] == [{"url": "https://example.com/a.png"}]
    check("getPoll", simulator.get(f"/v2/polls/{poll['id']}"))


def test_a_hidden_answer_is_shown_only_while_the_poll_does_not_run(simulator: Client) -> None:
    hidden = {"hidden": True, "options": [1]}
    vote = Vote(simulator, colours(answer=hidden), colours(answer={"hidden": False, "options": [2]}))

    def answers() -> list[Any]:
        return [question.get("answer") for question in simulator.get_json(vote.path)["questions"]]

    shown = answers()
    assert shown == [hidden, {"hidden": False, "options": [2]}]
    peer_id = vote.join()
    assert answers() == [None, shown[1]]
    leave(simulator, vote.room_id, peer_id)
    assert answers() == shown

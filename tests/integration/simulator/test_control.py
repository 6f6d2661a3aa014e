"""The control API: received requests, faults, clock and reset."""

import time
from datetime import datetime
from typing import Any

import pytest
import requests

from simulator.request_log import MAX_REQUESTS, MAX_SIZE, LoggedRequest, RequestLog
from tests.integration.simulator.client import Client, connect


def test_calls_are_logged_as_they_came_over_the_wire(simulator: Client) -> None:
    connection = connect(simulator.url)
    connection.request("POST", "/v2/room%73/a%2Fb?x=1&y=%20", '{"size":  1}', {"X-Trace": "7"})
    connection.getresponse().read()
    (logged,) = simulator.requests_received()
    assert (logged["method"], logged["path"], logged["query"]) == ("POST", "/v2/room%73/a%2Fb", "x=1&y=%20")
    assert logged["body"] == '{"size":  1}'
    assert logged["headers"]["x-trace"] == "7"
    assert all(name == name.lower() for name in logged["headers"])


def test_calls_that_failed_are_logged_too_and_control_calls_are_not(simulator: Client) -> None:
    simulator.post("/_simulator/faults", {"path": "/v2/templates", "status": 503})
    simulator.call("GET", "/v2/rooms", headers={"Authorization": "Bearer wrong"})
    simulator.get("/v2/nothing")
    simulator.get("/v2/templates")
    simulator.call("PUT", "/v2/rooms", data="{")
    assert [(call["method"], call["path"]) for call in simulator.requests_received()] == [
        ("GET", "/v2/rooms"),
        ("GET", "/v2/nothing"),
        ("GET", "/v2/templates"),
        ("PUT", "/v2/rooms"),
    ]


def test_the_log_keeps_the_latest_calls_only() -> None:
    log = RequestLog()
    for number in range(MAX_REQUESTS + 1):
        log.add(LoggedRequest("GET", f"/{number}", "", {}, ""))
    assert [log.all()[0].path, log.all()[-1].path] == ["/1", f"/{MAX_REQUESTS}"]
    large = "x" * (MAX_SIZE // 3)
    for number in range(2):
        log.add(LoggedRequest("POST", f"/large/{number}", large, {}, ""))
        log.add(LoggedRequest("POST", f"/large/{number}", "", {"x-large": large}, ""))
        log.add(LoggedRequest("POST", f"/large/{number}", "", {}, large))
    assert [(request.path, len(request.body)) for request in log.all()] == [("/large/1", 0), ("/large/1", len(large))]


def test_the_log_can_be_cleared(simulator: Client) -> None:
    simulator.get("/v2/rooms")
    assert simulator.delete("/_simulator/requests").status_code == 200
    assert simulator.requests_received() == []


def test_a_fault_is_answered_once_and_changes_no_state(simulator: Client) -> None:
    simulator.post_json("/_simulator/faults", {"method": "POST", "path": "/v2/rooms", "status": 502})
    failed = simulator.post("/v2/rooms", {"name": "lobby"})
    assert failed.status_code == 502
    assert failed.json() == {"code": 502, "message": "Bad Gateway"}
    assert simulator.get_json("/v2/rooms")["data"] == []
    assert simulator.post("/v2/rooms", {"name": "lobby"}).status_code == 200


def test_a_fault_lasts_as_often_as_it_says(simulator: Client) -> None:
    simulator.post_json("/_simulator/faults", {"status": 429, "times": 2, "headers": {"retry-after": "3"}})
    answers = [simulator.get("/v2/rooms") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [429, 429, 200]
    assert answers[0].headers["retry-after"] == "3"


@pytest.mark.parametrize(
    ("path", "matches"),
    [
        ("/v2/rooms/*", True),
        ("/v2/*/a b", True),
        ("/v2/rooms/a%20b", True),
        ("/v2/rooms", False),
        ("/v2/*", False),
        ("/v2/rooms/*/*", False),
    ],
)
def test_a_star_in_a_fault_s_path_stands_for_one_segment(simulator: Client, path: str, matches: bool) -> None:
    simulator.post_json("/_simulator/faults", {"path": path, "status": 500})
    assert (simulator.get("/v2/rooms/a%20b").status_code == 500) is matches


def test_a_fault_of_another_verb_waits(simulator: Client) -> None:
    simulator.post_json("/_simulator/faults", {"method": "delete", "status": 500})
    assert simulator.get("/v2/rooms").status_code == 200
    assert simulator.delete("/v2/rooms").status_code == 500


@pytest.mark.parametrize(
    ("body", "text", "content_type"),
    [
        ({"a": [None]}, '{"a": [null]}', "application/json"),
        ([1], "[1]", "application/json"),
        ("<h1>Bad", "<h1>Bad", "text/html; charset=utf-8"),
        ("", "", "text/html; charset=utf-8"),
    ],
)
def test_a_fault_s_body_is_sent_as_it_is(simulator: Client, body: Any, text: str, content_type: str) -> None:
    simulator.post_json("/_simulator/faults", {"status": 200, "body": body})
    answer = simulator.get("/v2/rooms")
    assert (answer.text, answer.headers["content-type"]) == (text, content_type)


def test_a_fault_s_headers_decide_over_its_content_type(simulator: Client) -> None:
    simulator.post_json("/_simulator/faults", {"body": "a,b", "headers": {"Content-Type": "text/csv"}})
    answer = simulator.get("/v2/rooms")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "text/csv")


def test_a_delay_alone_gives_the_normal_answer_late(simulator: Client) -> None:
    simulator.post_json("/_simulator/faults", {"delay_ms": 150})
    started = time.monotonic()
    assert simulator.get("/v2/rooms").status_code == 200
    assert time.monotonic() - started >= 0.15


def test_a_delay_holds_up_no_other_call(simulator: Client) -> None:
    simulator.post_json("/_simulator/faults", {"path": "/v2/templates", "delay_ms": 5000})
    with pytest.raises(requests.ReadTimeout):
        requests.get(f"{simulator.url}/v2/templates", timeout=0.1)
    started = time.monotonic()
    assert simulator.get("/v2/rooms").status_code == 200
    assert time.monotonic() - started < 2


def test_a_closing_fault_logs_the_call_and_answers_nothing(simulator: Client) -> None:
    simulator.post_json("/_simulator/faults", {"close": True})
    with pytest.raises(requests.ConnectionError, match="closed connection without response"):
        simulator.post("/v2/rooms", {"name": "lobby"})
    assert [call["body"] for call in simulator.requests_received()] == ['{"name": "lobby"}']
    assert simulator.get_json("/v2/rooms")["data"] == []


def test_a_fault_precedes_the_token_check(simulator: Client) -> None:
    simulator.post_json("/_simulator/faults", {"status": 503})
    assert simulator.call("GET", "/v2/rooms", headers={"Authorization": ""}).status_code == 503


def test_faults_can_be_cleared(simulator: Client) -> None:
    simulator.post_json("/_simulator/faults", {"status": 503, "times": 100})
    assert simulator.delete("/_simulator/faults").status_code == 200
    assert simulator.get("/v2/rooms").status_code == 200


@pytest.mark.parametrize(
    "fault",
    [
        {"when": "now"},
        {"status": "500"},
        {"status": 99},
        {"times": 0},
        {"delay_ms": -1},
        {"body": 7},
        {"path": "v2/rooms"},
        {"path": "/rooms"},
        {"path": "/v2x/rooms"},
        {"path": "/_simulator/rooms"},
        {"headers": {"x": "a\r\nb: c"}},
        {"close": "yes"},
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(simulator: Client, fault: dict[str, Any]) -> None:
    assert simulator.post("/_simulator/faults", fault).status_code == 400
    assert simulator.get("/v2/rooms").status_code == 200


def test_a_fault_without_v2_in_its_path_is_refused_with_a_hint(simulator: Client) -> None:
    refused = simulator.post("/_simulator/faults", {"path": "/rooms/*", "status": 500}).json()
    assert refused["details"] == ["Invalid body param: path must begin with /v2 or /storage, such as /v2/rooms/*"]


def test_pending_faults_are_listed_with_the_times_that_are_left(simulator: Client) -> None:
    simulator.post_json("/_simulator/faults", {"path": "/v2/rooms", "status": 503, "times": 2})
    simulator.post_json("/_simulator/faults", {"method": "POST", "close": True})
    simulator.get("/v2/rooms")
    pending = {
        "faults": [{"path": "/v2/rooms", "status": 503, "times": 1}, {"method": "POST", "close": True, "times": 1}]
    }
    assert simulator.get_json("/_simulator/faults") == pending
    simulator.get("/v2/rooms")
    assert simulator.get_json("/_simulator/faults") == {"faults": pending["faults"][1:]}


def test_advancing_the_clock_dates_what_is_made(simulator: Client) -> None:
    before = datetime.fromisoformat(simulator.post_json("/v2/rooms")["created_at"])
    now = datetime.fromisoformat(simulator.post_json("/_simulator/clock", {"advance_seconds": 3600})["now"])
    after = datetime.fromisoformat(simulator.post_json("/v2/rooms")["created_at"])
    assert (now - before).total_seconds() >= 3600
    assert after >= now


@pytest.mark.parametrize("seconds", [-1, "60", None, True, 1e12])
def test_the_clock_goes_only_forward(simulator: Client, seconds: Any) -> None:
    assert simulator.post("/_simulator/clock", {"advance_seconds": seconds}).status_code == 400


def test_a_reset_makes_the_simulator_as_new(simulator: Client) -> None:
    simulator.post_json("/v2/rooms", {"name": "lobby"})
    simulator.post_json("/v2/templates", {"name": "webinar"})
    simulator.post_json("/_simulator/faults", {"status": 503})
    simulator.post_json("/_simulator/clock", {"advance_seconds": 86_400})
    assert simulator.post("/_simulator/reset").status_code == 200
    assert simulator.requests_received() == []
    assert simulator.get_json("/v2/rooms")["data"] == []
    (template,) = simulator.get_json("/v2/templates")["data"]
    assert abs(datetime.fromisoformat(template["createdAt"]).timestamp() - time.time()) < 60


def test_a_rate_limit_says_when_to_come_back(simulator: Client) -> None:
    assert simulator.post("/_simulator/faults", {"status": 429}).status_code == 200
    refused = simulator.get("/v2/rooms")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "45")
    assert refused.json()["message"] == "rate limit exceeded, retry after 45 seconds"


def test_a_rate_limit_says_the_same_time_in_header_and_body(simulator: Client) -> None:
    fault = {"path": "/v2/analytics/webhooks", "status": 429, "headers": {"Retry-After": "7"}}
    simulator.post_json("/_simulator/faults", fault)
    refused = simulator.get("/v2/analytics/webhooks")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "7")
    assert refused.json() == {"code": 429, "message": "rate limit exceeded, retry after 7 seconds"}

"""SIP: trunks, calls that join rooms, and DTMF tones."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import requests

from tests.integration.simulator.client import Client, sign
from tests.integration.simulator.jobs import join, leave, pass_time, recording_webhooks
from tests.integration.simulator.receiver import eventually
from tests.support.contract import check, examples

CALL = "/v2/sip/outbound/call"
TRUNKS = "/v2/sip/outbound/trunks"
NUMBER = "+15550100"
BEARER = {"Authorization": f"Bearer {sign()}"}


class Line:
    """A room with a code for its role `host`, and a trunk to call it."""

    def __init__(self, simulator: Client) -> None:
        self.simulator = simulator
        self.room_id = simulator.post_json("/v2/rooms")["id"]
        self.code = simulator.post_json(f"/v2/room-codes/room/{self.room_id}/role/host")["code"]
        self.trunk_id = simulator.post_json(TRUNKS, {"address": "trunk.example"})["id"]

    def body(self, **changes: Any) -> dict[str, Any]:
        """Return the body of a call into the room. A change to None removes a member."""
        body = {"to": NUMBER, "room_code": self.code, "trunk_id": self.trunk_id} | changes
        return {name: value for name, value in body.items() if value is not None}

    def call(self, **changes: Any) -> requests.Response:
        return self.simulator.post(CALL, self.body(**changes))

    def peers(self) -> list[Any]:
        """Return the peers of the room with their tracks."""
        path = f"/v2/active-rooms/{self.room_id}/peers"
        return [self.simulator.get_json(f"{path}/{peer_id}") for peer_id in self.simulator.get_json(path)["peers"]]

    def is_empty(self) -> bool:
        return self.simulator.get(f"/v2/active-rooms/{self.room_id}").status_code == 404

    def play(self, body: Any, token: str | None = None) -> requests.Response:
        token = token or sign(type="app", room_id=self.room_id, role="host", user_id="user-1")
        return self.simulator.post("/v2/sip/dtmf", body, headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def line(simulator: Client) -> Line:
    return Line(simulator)


def test_who_is_called_joins_the_room_in_the_role_of_the_code(line: Line) -> None:
    assert re.fullmatch("[0-9a-f]{13}", line.call(name="Alex", user_id="user-7").json()["id"])
    (peer,) = line.peers()
    assert (peer["name"], peer["user_id"], peer["role"]) == ("Alex", "user-7", "host")
    (session,) = line.simulator.get_json("/v2/sessions", room_id=line.room_id, active="true")["data"]
    assert list(session["peers"]) == [peer["id"]]
    leave(line.simulator, line.room_id, peer["id"])
    assert line.is_empty()


def test_a_callee_without_a_name_goes_by_the_masked_number(line: Line) -> None:
    line.call(user_id="")
    (peer,) = line.peers()
    assert (peer["name"], peer["user_id"]) == ("*****0100", "")


def test_a_call_has_a_picture_only_where_it_says_so(line: Line) -> None:
    for video in (None, False, True):
        line.call(video=video)
    tracks = [sorted(track["type"] for track in peer["tracks"].values()) for peer in line.peers()]
    assert tracks == [["audio"], ["audio"], ["audio", "video"]]


def test_a_callee_is_reported_as_a_peer_of_type_sip(line: Line) -> None:
    with recording_webhooks(line.simulator) as received:
        join(line.simulator, line.room_id)
        line.call()
        types = sorted(event["data"]["type"] for event in received.events("peer.join.success", 2))
    assert types == ["regular", "sip"]


def test_several_calls_can_be_made_by_one_trunk(line: Line) -> None:
    ids = {line.call().json()["id"] for _ in range(3)}
    assert len(ids) == len(line.peers()) == 3


@pytest.mark.parametrize("missing", ["to", "room_code", "trunk_id"])
@pytest.mark.parametrize("value", [None, ""], ids=["absent", "empty"])
def test_a_call_without_a_mandatory_argument_is_refused(line: Line, missing: str, value: str | None) -> None:
    response = line.call(**{missing: value})
    assert (response.status_code, response.json()) == (400, {"code": 400, "message": f"{missing} is mandatory"})
    assert line.is_empty()


@pytest.mark.parametrize(
    "change",
    [
        {"to": 7},
        {"trunk_id": "0"},
        {"room_code": "abc-defg-hij"},
        {"headers": {"x-name": 5}},
        {"headers": {"x name": "5"}},
        {"headers": {"x-name\r\n": "5"}},
        {"headers": {"x-name": "5\r\nTo: 6"}},
    ],
    ids=str,
)
def test_a_wrong_call_is_refused(line: Line, change: Any) -> None:
    check("startSipOutboundCall", line.call(**change))
    assert line.call(**change).status_code == 400
    assert line.is_empty()


def test_a_call_by_an_incomplete_trunk_times_out(line: Line) -> None:
    trunk_id = line.simulator.post_json(TRUNKS, {"username": "caller"})["id"]
    assert line.call(trunk_id=trunk_id).json() == {"code": 408, "message": "timed out"}
    assert line.is_empty()
    line.simulator.post_json(f"{TRUNKS}/{trunk_id}", {"address": "trunk.example"})
    line.simulator.post_json(f"{TRUNKS}/{trunk_id}", {"from": NUMBER})
    assert line.call(trunk_id=trunk_id).status_code == 200
    assert len(line.peers()) == 1


def test_a_disabled_code_and_a_disabled_room_take_no_calls(line: Line) -> None:
    line.simulator.post_json("/v2/room-codes/code", {"code": line.code, "enabled": False})
    assert line.call().json() == {"code": 403, "message": "Code is disabled"}
    line.simulator.post_json("/v2/room-codes/code", {"code": line.code, "enabled": True})
    line.simulator.post_json(f"/v2/rooms/{line.room_id}", {"enabled": False})
    assert line.call().json() == {"code": 403, "message": "Room is disabled"}


def test_an_unknown_trunk_cannot_be_changed(simulator: Client) -> None:
    response = simulator.post(f"{TRUNKS}/0", {"address": "trunk.example"})
    assert response.json() == {"code": 404, "message": "Trunk not found"}


@pytest.mark.parametrize("digits", [["0", "9", "*", "#", "a", "d"], ["1"] * 40])
def test_tones_are_played_in_the_room_of_the_token(line: Line, digits: list[str]) -> None:
    line.call()
    assert line.play({"digits": digits}).json() == {}


@pytest.mark.parametrize("body", [None, {}, {"digits": []}, {"digits": None}])
def test_tones_need_digits(line: Line, body: Any) -> None:
    assert line.play(body).json() == {"code": 400, "message": "digits are mandatory"}


@pytest.mark.parametrize("digits", [["e"], ["A"], ["12"], [""], ["1", 2], "12", 7])
def test_an_invalid_digit_is_refused(line: Line, digits: Any) -> None:
    assert line.play({"digits": digits}).json() == {"code": 400, "message": "invalid digit"}


def test_tones_are_refused_with_a_management_token_and_for_unknown_rooms(line: Line) -> None:
    body = {"digits": ["1"]}
    assert line.simulator.post("/v2/sip/dtmf", body).status_code == line.play(body, sign()).status_code == 401
    for token in (sign(type="app", room_id="0"), sign(type="app")):
        assert line.play(body, token).json() == {"code": 404, "message": "Room not found"}


def test_sip_answers_as_documented(line: Line) -> None:
    call = line.simulator
    trunk = check("createSipOutboundTrunk", call.post(TRUNKS, examples("createSipOutboundTrunk")["trunk"]), "created")
    assert re.fullmatch("[0-9a-f]{10}", trunk["id"])
    change = examples("updateSipOutboundTrunk")["trunk"]
    assert check("updateSipOutboundTrunk", call.post(f"{TRUNKS}/{trunk['id']}", change), "updated") == trunk
    check("updateSipOutboundTrunk", call.post(f"{TRUNKS}/0", change))
    for name in ("call", "moreHeaders"):
        example = examples("startSipOutboundCall")[name]
        check("startSipOutboundCall", line.call(**example | line.body(trunk_id=trunk["id"])), "call")
    check("startSipOutboundCall", line.call(to=None))
    check("startSipOutboundCall", line.call(trunk_id=call.post_json(TRUNKS, {})["id"]))
    check("sendSipDtmf", line.play(examples("sendSipDtmf")["digits"]), "ok")
    check("sendSipDtmf", line.play({"digits": ["x"]}), "invalidDigit")
    check("sendSipDtmf", line.play({}), "missingDigits")
    check("sendSipDtmf", line.play({}, sign()))


def plan(line: Line, **answer: Any) -> None:
    line.simulator.post_json("/_simulator/sip/answers", answer)


def test_a_call_that_is_declined_brings_nobody_in(line: Line) -> None:
    plan(line, result="declined")
    check("startSipOutboundCall", line.call(), "call")
    assert line.is_empty()
    line.call()
    assert len(line.peers()) == 1


def test_a_call_that_is_not_answered_times_out(line: Line) -> None:
    plan(line, result="unanswered", number=NUMBER)
    assert line.call(to="+15550199").status_code == 200
    assert line.call().json() == {"code": 408, "message": "timed out"}
    assert len(line.peers()) == 1


@pytest.mark.parametrize(("result", "status"), [("accepted", 200), ("declined", 200), ("unanswered", 408)])
def test_a_call_blocks_while_it_rings(line: Line, result: str, status: int) -> None:
    plan(line, result=result, ring_seconds=40)
    with ThreadPoolExecutor() as pool:
        call = pool.submit(requests.post, f"{line.simulator.url}{CALL}", json=line.body(), headers=BEARER, timeout=30)
        eventually(lambda: len(line.simulator.requests_received()), lambda count: count >= 4)
        pass_time(line.simulator, 39)
        assert not call.done()
        assert line.is_empty()
        pass_time(line.simulator, 2)
        assert call.result().status_code == status
    assert line.is_empty() is (result != "accepted")


def test_a_reset_ends_a_call_that_rings(line: Line) -> None:
    plan(line, result="accepted", ring_seconds=600)
    with ThreadPoolExecutor() as pool:
        call = pool.submit(requests.post, f"{line.simulator.url}{CALL}", json=line.body(), headers=BEARER, timeout=30)
        eventually(lambda: len(line.simulator.requests_received()), lambda count: count >= 4)
        line.simulator.post_json("/_simulator/reset")
        assert call.result().status_code == 400


@pytest.mark.parametrize("answer", [{}, {"result": "busy"}, {"result": "accepted", "ring_seconds": -1}])
def test_a_planned_answer_has_a_result(line: Line, answer: Any) -> None:
    assert line.simulator.post("/_simulator/sip/answers", answer).status_code == 400


def test_a_caller_dials_in_with_a_room_code(line: Line) -> None:
    with recording_webhooks(line.simulator) as received:
        named = {"code": line.code, "number": NUMBER, "name": "John Doe", "user_id": "xyz"}
        peer = line.simulator.post_json("/_simulator/sip/calls", named)
        line.simulator.post_json("/_simulator/sip/calls", {"code": line.code, "number": NUMBER})
        events = received.events("peer.join.success", 2)
    assert (peer["name"], peer["user_id"], peer["role"]) == ("John Doe", "xyz", "host")
    assert {track["type"] for track in peer["tracks"].values()} == {"audio"}
    assert {event["data"]["type"] for event in events} == {"sip"}
    assert {event["data"]["user_name"] for event in events} == {"John Doe", "*****0100"}
    unknown = {"code": "abc-defg-hij", "number": NUMBER}
    assert line.simulator.post("/_simulator/sip/calls", unknown).status_code == 404
    assert line.simulator.post("/_simulator/sip/calls", {"code": line.code}).status_code == 400


def test_tones_are_played_one_after_the_other_to_sip_participants(line: Line) -> None:
    join(line.simulator, line.room_id)
    line.call()
    (sip_peer,) = [peer["id"] for peer in line.peers() if peer["name"].startswith("*")]
    line.play({"digits": ["1", "2"]})
    line.play({"digits": ["#"]})
    tones = line.simulator.get_json("/_simulator/sip/tones")["tones"]
    assert [(tone["digit"], tone["peers"]) for tone in tones] == [(digit, [sip_peer]) for digit in "12#"]
    starts, ends = ([datetime.fromisoformat(tone[name]) for tone in tones] for name in ("starts_at", "ends_at"))
    assert [end - start for start, end in zip(starts, ends, strict=True)] == [timedelta(milliseconds=100)] * 3
    assert [later - earlier for earlier, later in pairwise(starts)] == [timedelta(milliseconds=200)] * 2
    pass_time(line.simulator, 60)
    line.play({"digits": ["3"]})
    last = line.simulator.get_json("/_simulator/sip/tones")["tones"][-1]
    assert datetime.fromisoformat(last["starts_at"]) - starts[0] >= timedelta(seconds=60)

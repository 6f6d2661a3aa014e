"""Sessions: born with the first peer, over with the last one, and what they tell of it."""

from typing import Any

import pytest

from simulator.clock import stamp
from simulator.errors import ApiError, Forbidden, NotFound
from tests.integration.simulator.client import Client
from tests.integration.simulator.told import Told
from tests.support.contract import check

HOUR = 3600


def join(simulator: Client, room_id: str, user_id: str = "user-1", role: str = "host") -> str:
    peer = {"name": "Ada", "role": role, "user_id": user_id}
    return str(simulator.made(f"/_simulator/rooms/{room_id}/peers", peer)["id"])


def leave(simulator: Client, room_id: str, peer_id: str) -> None:
    assert simulator.delete(f"/_simulator/rooms/{room_id}/peers/{peer_id}").status_code == 200


def pass_time(simulator: Client, seconds: float) -> None:
    simulator.made("/_simulator/clock", {"advance_seconds": seconds})


def sessions(simulator: Client, **query: Any) -> list[Any]:
    found: list[Any] = simulator.shown("/v2/sessions", **query)["data"]
    return found


@pytest.fixture
def room_id(simulator: Client) -> str:
    return str(simulator.made("/v2/rooms")["id"])


def test_a_session_lasts_from_the_first_peer_to_the_last(simulator: Client, room_id: str) -> None:
    assert sessions(simulator) == []
    first = join(simulator, room_id)
    pass_time(simulator, 60)
    second = join(simulator, room_id, "user-2", "guest")
    running = sessions(simulator)[0]
    assert (running["active"], running["room_id"], list(running["peers"])) == (True, room_id, [first, second])
    assert not any("left_at" in peer for peer in running["peers"].values())

    leave(simulator, room_id, first)
    pass_time(simulator, 60)
    halfway = sessions(simulator)[0]
    assert halfway["active"]
    assert halfway["updated_at"] == halfway["peers"][first]["left_at"]

    leave(simulator, room_id, second)
    over = simulator.shown(f"/v2/sessions/{running['id']}")
    assert not over["active"]
    assert over["peers"][first]["left_at"] < over["peers"][second]["left_at"] == over["updated_at"]
    assert over["created_at"] == running["created_at"] == over["peers"][first]["joined_at"]


def test_who_comes_back_is_a_new_peer_of_the_same_user(simulator: Client, room_id: str) -> None:
    stays = join(simulator, room_id)
    first = join(simulator, room_id, "user-2")
    leave(simulator, room_id, first)
    again = join(simulator, room_id, "user-2")
    peers = sessions(simulator)[0]["peers"]
    assert list(peers) == [stays, first, again]
    assert peers[first]["user_id"] == peers[again]["user_id"]
    assert "left_at" in peers[first]
    assert "left_at" not in peers[again]


def test_a_room_has_a_new_session_each_time_it_fills(simulator: Client, room_id: str) -> None:
    for _ in range(2):
        leave(simulator, room_id, join(simulator, room_id))
    ids = [session["id"] for session in sessions(simulator, room_id=room_id)]
    assert len(set(ids)) == 2


@pytest.mark.parametrize(("settings", "seconds"), [({}, 12 * HOUR), ({"max_duration_seconds": 120}, 120)])
def test_a_session_ends_when_its_time_is_up(simulator: Client, settings: Any, seconds: int) -> None:
    room_id = simulator.made("/v2/rooms", settings)["id"]
    peer_id = join(simulator, room_id)
    pass_time(simulator, seconds - 10)
    assert sessions(simulator)[0]["active"]
    pass_time(simulator, 10)
    over = sessions(simulator)[0]
    assert not over["active"]
    assert over["peers"][peer_id]["left_at"] == over["updated_at"]


def test_the_time_of_a_session_that_is_over_does_not_end_the_next(simulator: Client) -> None:
    room_id = simulator.made("/v2/rooms", {"max_duration_seconds": 120})["id"]
    leave(simulator, room_id, join(simulator, room_id))
    first = sessions(simulator)
    pass_time(simulator, 60)
    join(simulator, room_id)
    pass_time(simulator, 90)
    assert [session["active"] for session in sessions(simulator)] == [True, False]
    assert sessions(simulator)[1:] == first
    assert simulator.get(f"/v2/active-rooms/{room_id}").status_code == 200


def test_nobody_joins_a_disabled_room_but_who_is_in_it_stays(simulator: Client, room_id: str) -> None:
    join(simulator, room_id)
    simulator.made(f"/v2/rooms/{room_id}", {"enabled": False})
    body = {"name": "Bob", "role": "host", "user_id": "user-2"}
    refused = simulator.post(f"/_simulator/rooms/{room_id}/peers", body)
    assert (refused.status_code, refused.json()["message"]) == (403, "Room is disabled")
    assert len(simulator.shown(f"/v2/active-rooms/{room_id}/peers")["peers"]) == 1
    simulator.made(f"/v2/rooms/{room_id}", {"enabled": True})
    join(simulator, room_id, "user-2")


def test_a_peer_has_to_have_a_role_of_the_template(simulator: Client, room_id: str) -> None:
    body = {"name": "Bob", "role": "nobody", "user_id": "user-2"}
    refused = simulator.post(f"/_simulator/rooms/{room_id}/peers", body)
    assert refused.json() == {"code": 404, "message": "Role not found"}
    assert sessions(simulator) == []


@pytest.mark.parametrize("limit", [-1, 1])
def test_a_role_takes_no_more_peers_than_its_limit(simulator: Client, limit: int) -> None:
    template = simulator.made("/v2/templates", {"roles": {"host": {"maxPeerCount": limit}, "guest": {}}})
    room_id = simulator.made("/v2/rooms", {"template_id": template["id"]})["id"]
    for number in range(3):
        join(simulator, room_id, f"guest-{number}", "guest")
    for _ in range(max(limit, 0)):
        join(simulator, room_id)
    body = {"name": "Bob", "role": "host", "user_id": "user-2"}
    refused = simulator.post(f"/_simulator/rooms/{room_id}/peers", body)
    assert refused.json() == {"code": 403, "message": "role limit reached"}


@pytest.mark.parametrize(
    "body", [{}, {"name": "Ada", "role": "host"}, {"name": 1, "role": "host", "user_id": "u"}, {"shoe_size": 42}]
)
def test_a_join_that_misses_something_is_refused(simulator: Client, room_id: str, body: Any) -> None:
    assert simulator.post(f"/_simulator/rooms/{room_id}/peers", body).status_code == 400
    assert sessions(simulator) == []


def test_only_who_is_in_a_room_can_leave_it(simulator: Client, room_id: str) -> None:
    peer_id = join(simulator, room_id)
    other_room = simulator.made("/v2/rooms")["id"]
    assert simulator.delete(f"/_simulator/rooms/{other_room}/peers/{peer_id}").status_code == 404
    leave(simulator, room_id, peer_id)
    for path in (f"{room_id}/peers/{peer_id}", f"{room_id}/peers/0", f"0/peers/{peer_id}"):
        refused = simulator.delete(f"/_simulator/rooms/{path}")
        assert refused.json() == {"code": 404, "message": "peer not joined"}


def test_a_list_shows_the_sessions_its_filters_name(simulator: Client, room_id: str) -> None:
    leave(simulator, room_id, join(simulator, room_id))
    pass_time(simulator, 60)
    other_room = simulator.made("/v2/rooms")["id"]
    join(simulator, other_room)
    late, early = sessions(simulator)

    def ids(**query: Any) -> list[str]:
        return [session["id"] for session in sessions(simulator, **query)]

    assert early["room_id"] == room_id
    assert ids(active="true") == [late["id"]]
    assert ids(active="false") == [early["id"]]
    assert ids(room_id=room_id) == [early["id"]]
    assert ids(room_id="0") == []
    assert ids(after=late["created_at"]) == [late["id"]]
    assert ids(before=early["created_at"]) == [early["id"]]
    assert ids(active="", after="", room_id="") == [late["id"], early["id"]]


def test_sessions_come_in_pages_newest_first(simulator: Client, room_id: str) -> None:
    for _ in range(12):
        leave(simulator, room_id, join(simulator, room_id))
    first = simulator.shown("/v2/sessions", limit=10)
    rest = simulator.shown("/v2/sessions", limit=10, start=first["last"])
    ids = [session["id"] for session in first["data"] + rest["data"]]
    assert (len(first["data"]), len(rest["data"])) == (10, 2)
    assert ids == sorted(set(ids), reverse=True)
    assert (first["last"], rest["last"]) == (ids[9], ids[11])


@pytest.mark.parametrize("query", [{"active": "yes"}, {"after": "today"}, {"before": "1"}, {"limit": "9"}])
def test_a_query_that_cannot_be_read_is_refused(simulator: Client, query: dict[str, str]) -> None:
    response = simulator.get("/v2/sessions", **query)
    assert response.status_code == 400
    assert response.json()["details"] == [f"Invalid query parameter: {next(iter(query))}"]


def test_sessions_answer_as_documented(simulator: Client, room_id: str) -> None:
    for _ in range(2):
        leave(simulator, room_id, join(simulator, room_id))
    page = check("listSessions", simulator.get("/v2/sessions"), "page")
    join(simulator, room_id)
    check("listSessions", simulator.get("/v2/sessions"))
    check("retrieveSession", simulator.get(f"/v2/sessions/{page['last']}"), "session")
    assert check("retrieveSession", simulator.get("/v2/sessions/0"))["message"] == "session not found"


@pytest.fixture
def told() -> Told:
    return Told()


def test_a_session_tells_its_story(told: Told) -> None:
    peer_id = told.join()
    assert told.types() == [
        "session.open.success",
        "peer.join.success",
        "track.add.success",
        "track.add.success",
    ]
    told.sessions.leave(told.room.id, peer_id)
    assert told.types() == [
        "track.remove.success",
        "track.remove.success",
        "peer.leave.success",
        "session.close.success",
    ]


def test_a_peer_is_told_with_what_it_joined_with(told: Told) -> None:
    peer_id = told.join(type="sip")
    joined = told.the("peer.join.success")
    session = told.sessions.require_active(told.room.id)
    assert joined.session_id == session.id
    assert joined.data == {
        "peer_id": peer_id,
        "user_id": "user-1",
        "user_name": "Ada",
        "user_data": "{}",
        "role": "host",
        "type": "sip",
        "joined_at": stamp(session.created_at),
        "session_started_at": stamp(session.created_at),
    }


def test_a_leave_is_told_with_its_reason_and_the_length_of_the_stay(told: Told) -> None:
    peer_id = told.join()
    told.store.clock.advance(40)
    told.sessions.leave(told.room.id, peer_id)
    happenings = {happening.type: happening.data for happening in told.take()}
    left, closed = happenings["peer.leave.success"], happenings["session.close.success"]
    assert (left["duration"], left["reason"], left["message"]) == (40, "client request", "")
    assert closed["session_duration"] == 40
    assert left["left_at"] == closed["session_stopped_at"] == happenings["track.remove.success"]["stopped_at"]


def test_a_second_leave_is_a_failure_even_once_the_session_is_over(told: Told) -> None:
    peer_id = told.join()
    told.sessions.leave(told.room.id, peer_id)
    assert told.types()
    with pytest.raises(NotFound):
        told.sessions.leave(told.room.id, peer_id)
    failure = told.the("peer.leave.failure")
    assert (failure.data["error_message"], failure.data["duration"]) == ("peer not joined", 0)


@pytest.mark.parametrize("role", ["nobody", "full"])
def test_a_join_that_its_role_forbids_is_a_failure(told: Told, role: str) -> None:
    with pytest.raises(ApiError):
        told.join(role=role)
    failure = told.the("peer.join.failure")
    assert (failure.session_id, failure.data["role"]) == ("", role)
    assert (failure.data["error_message"], failure.data["joined_at"]) == ("role not allowed", "0001-01-01T00:00:00Z")


def test_a_role_change_brings_the_tracks_of_the_new_role(told: Told) -> None:
    peer_id = told.join()
    assert told.types()
    told.sessions.change_role(told.room.id, peer_id, "guest")
    changed, removed = told.take()
    assert (changed.type, changed.data["previous_role"], changed.data["role"]) == (
        "role.change.success",
        "host",
        "guest",
    )
    assert "role_change_requested_by" not in changed.data
    assert (removed.type, removed.data["type"]) == ("track.remove.success", "video")
    told.sessions.change_role(told.room.id, peer_id, "guest")
    assert told.types() == []
    told.sessions.change_role(told.room.id, peer_id, "host")
    assert told.types() == ["role.change.success", "track.add.success"]


def test_a_role_that_is_full_refuses_a_change(told: Told) -> None:
    peer_id = told.join()
    with pytest.raises(Forbidden):
        told.sessions.change_role(told.room.id, peer_id, "full")
    failure = told.the("role.change.failure")
    assert (failure.data["role"], failure.data["error_message"]) == ("full", "role limit reached")


def test_an_ended_room_tells_who_was_put_out_then_that_it_ended(told: Told) -> None:
    told.join()
    told.join(user_id="user-2")
    session = told.sessions.require_active(told.room.id)
    assert told.types()
    told.sessions.end(told.room.id, "Class is over", lock=True)
    happenings = list(told.take())
    left = [happening.data for happening in happenings if happening.type == "peer.leave.success"]
    assert [(data["reason"], data["message"]) for data in left] == [("server removed peer", "Class is over")] * 2
    assert [happening.type for happening in happenings[-2:]] == ["session.close.success", "room.end.success"]
    end = happenings[-1]
    assert (end.session_id, end.data["reason"], end.data["lock_room"]) == (session.id, "Class is over", True)
    assert not told.rooms.get(told.room.id).enabled


def test_an_end_without_a_session_is_a_failure_that_locks_nothing(told: Told) -> None:
    with pytest.raises(NotFound):
        told.sessions.end(told.room.id, lock=True)
    failure = told.the("room.end.failure")
    assert (failure.data["error_code"], failure.data["error_message"]) == (404, "session not found")
    assert told.rooms.get(told.room.id).enabled


def test_a_session_whose_time_is_up_tells_no_end_of_a_room(told: Told) -> None:
    told.join()
    assert told.types()
    told.store.clock.advance(600)
    assert told.types()[-2:] == ["peer.leave.success", "session.close.success"]


def test_a_bot_opens_no_session_but_keeps_one_running(told: Told) -> None:
    with pytest.raises(NotFound):
        told.join(is_bot=True, role="recorder")
    peer_id = told.join()
    bot_id = told.join(is_bot=True, role="recorder")
    told.sessions.leave(told.room.id, peer_id)
    session = told.sessions.require_active(told.room.id)
    assert [(peer.id, peer.tracks) for peer in session.connected()] == [(bot_id, [])]
    told.sessions.leave(told.room.id, bot_id)
    assert not session.active


def test_a_bot_takes_nobodys_place(told: Told) -> None:
    told.join(user_id="user-2", role="guest")
    told.join(is_bot=True, role="single")
    peer_id = told.join(role="single")
    told.sessions.leave(told.room.id, peer_id)
    told.join(role="single")
    with pytest.raises(Forbidden):
        told.join(role="single")

"""Sessions start with the first peer, end with the last one, and list their peers."""

from typing import Any

import pytest

from simulator.clock import format_nanoseconds
from simulator.errors import ApiError, Forbidden, NotFound
from tests.integration.simulator.client import Client
from tests.integration.simulator.jobs import milliseconds
from tests.integration.simulator.workspace import Workspace
from tests.support.contract import check

HOUR = 3600


def join(simulator: Client, room_id: str, user_id: str = "user-1", role: str = "host") -> str:
    peer = {"name": "Ada", "role": role, "user_id": user_id}
    return str(simulator.post_json(f"/_simulator/rooms/{room_id}/peers", peer)["id"])


def leave(simulator: Client, room_id: str, peer_id: str) -> None:
    assert simulator.delete(f"/_simulator/rooms/{room_id}/peers/{peer_id}").status_code == 200


def pass_time(simulator: Client, seconds: float) -> None:
    simulator.post_json("/_simulator/clock", {"advance_seconds": seconds})


def sessions(simulator: Client, **query: Any) -> list[Any]:
    found: list[Any] = simulator.get_json("/v2/sessions", **query)["data"]
    return found


@pytest.fixture
def room_id(simulator: Client) -> str:
    return str(simulator.post_json("/v2/rooms")["id"])


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
    over = simulator.get_json(f"/v2/sessions/{running['id']}")
    assert not over["active"]
    assert milliseconds(over["peers"][first]["left_at"]) < milliseconds(over["updated_at"])
    assert over["peers"][second]["left_at"] == over["updated_at"]
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
    room_id = simulator.post_json("/v2/rooms", settings)["id"]
    peer_id = join(simulator, room_id)
    pass_time(simulator, seconds - 10)
    assert sessions(simulator)[0]["active"]
    pass_time(simulator, 10)
    over = sessions(simulator)[0]
    assert not over["active"]
    assert over["peers"][peer_id]["left_at"] == over["updated_at"]


def test_the_time_of_a_session_that_is_over_does_not_end_the_next(simulator: Client) -> None:
    room_id = simulator.post_json("/v2/rooms", {"max_duration_seconds": 120})["id"]
    leave(simulator, room_id, join(simulator, room_id))
    first = sessions(simulator)
    pass_time(simulator, 60)
    join(simulator, room_id)
    pass_time(simulator, 90)
    assert [session["active"] for session in sessions(simulator)] == [True, False]
    assert sessions(simulator)[1:] == first
    assert simulator.get(f"/v2/active-rooms/{room_id}").status_code == 200


def test_a_disabled_room_keeps_its_peers_and_rejects_new_ones(simulator: Client, room_id: str) -> None:
    join(simulator, room_id)
    simulator.post_json(f"/v2/rooms/{room_id}", {"enabled": False})
    body = {"name": "Bob", "role": "host", "user_id": "user-2"}
    refused = simulator.post(f"/_simulator/rooms/{room_id}/peers", body)
    assert (refused.status_code, refused.json()["message"]) == (403, "Room is disabled")
    assert len(simulator.get_json(f"/v2/active-rooms/{room_id}/peers")["peers"]) == 1
    simulator.post_json(f"/v2/rooms/{room_id}", {"enabled": True})
    join(simulator, room_id, "user-2")


def test_a_peer_has_to_have_a_role_of_the_template(simulator: Client, room_id: str) -> None:
    body = {"name": "Bob", "role": "nobody", "user_id": "user-2"}
    refused = simulator.post(f"/_simulator/rooms/{room_id}/peers", body)
    assert refused.json() == {"code": 404, "message": "Role not found"}
    assert sessions(simulator) == []


@pytest.mark.parametrize("limit", [-1, 1])
def test_a_role_takes_no_more_peers_than_its_limit(simulator: Client, limit: int) -> None:
    template = simulator.post_json("/v2/templates", {"roles": {"host": {"maxPeerCount": limit}, "guest": {}}})
    room_id = simulator.post_json("/v2/rooms", {"template_id": template["id"]})["id"]
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
    other_room = simulator.post_json("/v2/rooms")["id"]
    assert simulator.delete(f"/_simulator/rooms/{other_room}/peers/{peer_id}").status_code == 404
    leave(simulator, room_id, peer_id)
    for path in (f"{room_id}/peers/{peer_id}", f"{room_id}/peers/0", f"0/peers/{peer_id}"):
        refused = simulator.delete(f"/_simulator/rooms/{path}")
        assert refused.json() == {"code": 404, "message": "peer not joined"}


def test_a_list_shows_the_sessions_its_filters_name(simulator: Client, room_id: str) -> None:
    leave(simulator, room_id, join(simulator, room_id))
    pass_time(simulator, 60)
    other_room = simulator.post_json("/v2/rooms")["id"]
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
    first = simulator.get_json("/v2/sessions", limit=10)
    rest = simulator.get_json("/v2/sessions", limit=10, start=first["last"])
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
def workspace() -> Workspace:
    return Workspace()


def test_a_session_sends_its_events_in_order(workspace: Workspace) -> None:
    peer_id = workspace.join()
    assert workspace.types() == [
        "session.open.success",
        "peer.join.success",
        "track.add.success",
        "track.add.success",
    ]
    workspace.sessions.leave(workspace.room.id, peer_id)
    assert workspace.types() == [
        "track.remove.success",
        "track.remove.success",
        "peer.leave.success",
        "session.close.success",
    ]


def test_a_peer_event_contains_the_fields_of_its_join(workspace: Workspace) -> None:
    peer_id = workspace.join(type="sip")
    joined = workspace.the("peer.join.success")
    session = workspace.sessions.require_active(workspace.room.id)
    assert joined.session_id == session.id
    assert joined.data == {
        "peer_id": peer_id,
        "user_id": "user-1",
        "user_name": "Ada",
        "user_data": "{}",
        "role": "host",
        "type": "sip",
        "joined_at": format_nanoseconds(session.created_at),
        "session_started_at": format_nanoseconds(session.created_at),
    }


def test_a_leave_contains_its_reason_and_the_length_of_the_stay(workspace: Workspace) -> None:
    peer_id = workspace.join()
    workspace.store.clock.advance(40)
    workspace.sessions.leave(workspace.room.id, peer_id)
    domain_events = {domain_event.type: domain_event.data for domain_event in workspace.take()}
    left, closed = domain_events["peer.leave.success"], domain_events["session.close.success"]
    assert (left["duration"], left["reason"], left["message"]) == (40, "client request", "")
    assert closed["session_duration"] == 40
    assert left["left_at"] == closed["session_stopped_at"] == domain_events["track.remove.success"]["stopped_at"]


def test_a_second_leave_is_a_failure_even_once_the_session_is_over(workspace: Workspace) -> None:
    peer_id = workspace.join()
    workspace.sessions.leave(workspace.room.id, peer_id)
    assert workspace.types()
    with pytest.raises(NotFound):
        workspace.sessions.leave(workspace.room.id, peer_id)
    failure = workspace.the("peer.leave.failure")
    assert (failure.data["error_message"], failure.data["duration"]) == ("peer not joined", 0)


@pytest.mark.parametrize("role", ["nobody", "full"])
def test_a_join_that_its_role_forbids_is_a_failure(workspace: Workspace, role: str) -> None:
    with pytest.raises(ApiError):
        workspace.join(role=role)
    failure = workspace.the("peer.join.failure")
    assert (failure.session_id, failure.data["role"]) == ("", role)
    assert (failure.data["error_message"], failure.data["joined_at"]) == ("role not allowed", "0001-01-01T00:00:00Z")


def test_a_role_change_brings_the_tracks_of_the_new_role(workspace: Workspace) -> None:
    peer_id = workspace.join()
    assert workspace.types()
    workspace.sessions.change_role(workspace.room.id, peer_id, "guest")
    changed, removed = workspace.take()
    assert (changed.type, changed.data["previous_role"], changed.data["role"]) == (
        "role.change.success",
        "host",
        "guest",
    )
    assert "role_change_requested_by" not in changed.data
    assert (removed.type, removed.data["type"]) == ("track.remove.success", "video")
    workspace.sessions.change_role(workspace.room.id, peer_id, "guest")
    assert workspace.types() == []
    workspace.sessions.change_role(workspace.room.id, peer_id, "host")
    assert workspace.types() == ["role.change.success", "track.add.success"]


def test_a_role_that_is_full_refuses_a_change(workspace: Workspace) -> None:
    peer_id = workspace.join()
    with pytest.raises(Forbidden):
        workspace.sessions.change_role(workspace.room.id, peer_id, "full")
    failure = workspace.the("role.change.failure")
    assert (failure.data["role"], failure.data["error_message"]) == ("full", "role limit reached")


def test_an_ended_room_reports_the_removed_peers_and_then_its_end(workspace: Workspace) -> None:
    workspace.join()
    workspace.join(user_id="user-2")
    session = workspace.sessions.require_active(workspace.room.id)
    assert workspace.types()
    workspace.sessions.end(workspace.room.id, "Class is over", lock=True)
    domain_events = list(workspace.take())
    left = [domain_event.data for domain_event in domain_events if domain_event.type == "peer.leave.success"]
    assert [(data["reason"], data["message"]) for data in left] == [("server removed peer", "Class is over")] * 2
    assert [domain_event.type for domain_event in domain_events[-2:]] == ["session.close.success", "room.end.success"]
    end = domain_events[-1]
    assert (end.session_id, end.data["reason"], end.data["lock_room"]) == (session.id, "Class is over", True)
    assert not workspace.rooms.get(workspace.room.id).enabled


def test_an_end_without_a_session_is_a_failure_that_locks_nothing(workspace: Workspace) -> None:
    with pytest.raises(NotFound):
        workspace.sessions.end(workspace.room.id, lock=True)
    failure = workspace.the("room.end.failure")
    assert (failure.data["error_code"], failure.data["error_message"]) == (404, "session not found")
    assert workspace.rooms.get(workspace.room.id).enabled


def test_a_session_that_expires_sends_no_room_end_event(workspace: Workspace) -> None:
    workspace.join()
    assert workspace.types()
    workspace.store.clock.advance(600)
    assert workspace.types()[-2:] == ["peer.leave.success", "session.close.success"]


def test_a_bot_opens_no_session_but_keeps_one_running(workspace: Workspace) -> None:
    with pytest.raises(NotFound):
        workspace.join(is_bot=True, role="recorder")
    peer_id = workspace.join()
    bot_id = workspace.join(is_bot=True, role="recorder")
    workspace.sessions.leave(workspace.room.id, peer_id)
    session = workspace.sessions.require_active(workspace.room.id)
    assert [(peer.id, peer.tracks) for peer in session.connected()] == [(bot_id, [])]
    workspace.sessions.leave(workspace.room.id, bot_id)
    assert not session.active


def test_a_bot_takes_nobodys_place(workspace: Workspace) -> None:
    workspace.join(user_id="user-2", role="guest")
    workspace.join(is_bot=True, role="single")
    peer_id = workspace.join(role="single")
    workspace.sessions.leave(workspace.room.id, peer_id)
    workspace.join(role="single")
    with pytest.raises(Forbidden):
        workspace.join(role="single")

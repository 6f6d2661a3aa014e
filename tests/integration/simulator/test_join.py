"""Join with app tokens and room codes, and reconnect after a lost connection."""

from typing import Any

import pytest
import requests

from tests.integration.simulator.client import Client, sign
from tests.integration.simulator.jobs import join, leave, new_room, pass_time, recording_webhooks
from tests.integration.simulator.receiver import schema_violations

JOIN = "/_simulator/join"


def app_token(own_room: str, **changes: Any) -> str:
    return sign(**{"type": "app", "room_id": own_room, "role": "host", "user_id": "user-7"} | changes)


def lose(simulator: Client, room_id: str, peer_id: str, reason: str) -> requests.Response:
    path = f"/_simulator/rooms/{room_id}/peers/{peer_id}"
    return simulator.call("DELETE", path, params={"reason": reason})


def test_a_token_lets_its_user_in(simulator: Client) -> None:
    room_id = new_room(simulator)
    body = {"token": app_token(room_id), "name": "Ada", "metadata": "{}", "room_id": room_id}
    joined = simulator.post_json(JOIN, body)
    session = simulator.get_json(f"/v2/active-rooms/{room_id}")["session"]
    assert (joined["room_id"], joined["session_id"]) == (room_id, session["id"])
    assert (joined["role"], joined["user_id"]) == ("host", "user-7")
    peer = simulator.get_json(f"/v2/active-rooms/{room_id}/peers/{joined['peer']['id']}")
    assert peer == joined["peer"]
    assert (peer["name"], peer["role"], peer["user_id"], peer["metadata"]) == ("Ada", "host", "user-7", "{}")


def test_a_room_code_lets_somebody_in(simulator: Client) -> None:
    room_id = new_room(simulator)
    code = simulator.post_json(f"/v2/room-codes/room/{room_id}/role/guest")["code"]
    joined = simulator.post_json(JOIN, {"code": code, "name": "Ada"})
    assert (joined["room_id"], joined["peer"]["role"], joined["peer"]["name"]) == (room_id, "guest", "Ada")
    assert simulator.post(JOIN, {"code": "abc-defg-hij"}).json()["code"] == 404
    simulator.post_json("/v2/room-codes/code", {"code": code, "enabled": False})
    assert simulator.post(JOIN, {"code": code}).json() == {"code": 403, "message": "Code is disabled"}


def test_a_preview_says_whom_a_token_lets_in_and_changes_nothing(simulator: Client) -> None:
    room_id = new_room(simulator)
    seen = simulator.post_json(JOIN, {"token": app_token(room_id), "preview": True})
    assert seen == {"room_id": room_id, "session_id": "", "role": "host", "user_id": "user-7", "peer": None}
    assert simulator.get_json("/v2/sessions")["data"] == []


@pytest.mark.parametrize(
    ("changes", "status", "message"),
    [
        ({"access_key": "another"}, 401, "Token Error: Invalid Access Key"),
        ({"exp": 1}, 401, "Token Error: Bad JWT Token"),
        ({"type": "management"}, 401, "Token Error: Bad JWT Token"),
        ({"secret": "another secret of 32 characters, at least"}, 401, "Token Error: Bad JWT Token"),
        ({"without": ("room_id",)}, 401, "Token Error: Invalid Room Id"),
        ({"without": ("role",)}, 401, "Token Error: Invalid Role"),
        ({"role": "captain"}, 401, "Token Error: Invalid Role"),
        ({"user_id": 7}, 401, "Token Error: Invalid User Id"),
        ({"room_id": "0"}, 400, "Invalid Room"),
    ],
    ids=str,
)
def test_a_wrong_token_lets_nobody_in(simulator: Client, changes: Any, status: int, message: str) -> None:
    token = app_token(new_room(simulator), **changes)
    for preview in (True, False):
        refused = simulator.post(JOIN, {"token": token, "preview": preview})
        assert (refused.status_code, refused.json()["message"]) == (status, message)
    assert simulator.get_json("/v2/sessions")["data"] == []


def test_a_token_of_another_room_is_refused(simulator: Client) -> None:
    body = {"token": app_token(new_room(simulator)), "room_id": new_room(simulator)}
    assert simulator.post(JOIN, body).json() == {"code": 400, "message": "Room Mismatched with Token"}


def test_a_token_without_a_user_and_a_disabled_room(simulator: Client) -> None:
    room_id = new_room(simulator)
    token = app_token(room_id, without=("user_id",))
    assert simulator.post_json(JOIN, {"token": token})["peer"]["user_id"] == ""
    simulator.post_json(f"/v2/rooms/{room_id}", {"enabled": False})
    assert simulator.post(JOIN, {"token": token}).status_code == 403


@pytest.mark.parametrize("body", [{}, {"token": "a", "code": "b"}, {"token": 7}, {"token": "a", "role": "host"}])
def test_a_join_needs_a_token_or_a_code(simulator: Client, body: Any) -> None:
    assert simulator.post(JOIN, body).status_code == 400


@pytest.mark.parametrize("reason", ["websocket closed", "ice connection state closed"])
def test_a_peer_with_a_lost_connection_is_removed_after_a_minute(simulator: Client, reason: str) -> None:
    room_id = new_room(simulator)
    with recording_webhooks(simulator) as received:
        peer_id = join(simulator, room_id)
        assert lose(simulator, room_id, peer_id, reason).status_code == 200
        pass_time(simulator, 59)
        assert simulator.get(f"/v2/active-rooms/{room_id}/peers/{peer_id}").status_code == 200
        pass_time(simulator, 2)
        assert simulator.get(f"/v2/active-rooms/{room_id}").status_code == 404
        left = received.event("peer.leave.success")
    assert left["data"]["reason"] == reason
    assert left["data"]["duration"] in range(60, 64)
    assert schema_violations(left) == []


def test_a_peer_can_reconnect_for_a_minute(simulator: Client) -> None:
    room_id = new_room(simulator)
    peer_id = join(simulator, room_id)
    again = {"token": app_token(room_id), "peer_id": peer_id}
    lose(simulator, room_id, peer_id, "websocket closed")
    pass_time(simulator, 30)
    assert simulator.post_json(JOIN, again)["peer"]["id"] == peer_id
    lose(simulator, room_id, peer_id, "websocket closed")
    pass_time(simulator, 31)
    assert simulator.get(f"/v2/active-rooms/{room_id}/peers/{peer_id}").status_code == 200
    pass_time(simulator, 30)
    assert simulator.post(JOIN, again).json() == {"code": 410, "message": "Peer is gone"}


def test_a_peer_that_is_connected_cannot_join_again(simulator: Client) -> None:
    room_id = new_room(simulator)
    with recording_webhooks(simulator) as received:
        again = {"token": app_token(room_id), "peer_id": join(simulator, room_id)}
        assert simulator.post(JOIN, again).json() == {"code": 400, "message": "Peer already joined"}
        failed = received.event("peer.join.failure")
    assert failed["data"]["error_message"] == "duplicate peer id"
    assert schema_violations(failed) == []


def test_a_session_that_ends_first_removes_a_lost_peer(simulator: Client) -> None:
    room_id = new_room(simulator)
    peer_id = join(simulator, room_id)
    lose(simulator, room_id, peer_id, "websocket closed")
    simulator.post_json(f"/v2/active-rooms/{room_id}/end-room", {})
    join(simulator, room_id)
    pass_time(simulator, 61)
    (session, first) = simulator.get_json("/v2/sessions", room_id=room_id)["data"]
    assert (session["active"], first["active"]) == (True, False)
    assert simulator.post(JOIN, {"token": app_token(room_id), "peer_id": peer_id}).status_code == 410


def test_a_leave_has_the_reason_and_message_of_its_call(simulator: Client) -> None:
    room_id = new_room(simulator)
    with recording_webhooks(simulator) as received:
        path = f"/_simulator/rooms/{room_id}/peers/{join(simulator, room_id)}"
        assert simulator.call("DELETE", path, params={"reason": "bored"}).status_code == 400
        simulator.call("DELETE", path, params={"reason": "peer kicked", "message": "noise"})
        leave(simulator, room_id, join(simulator, room_id))
        kicked, left = received.events("peer.leave.success", 2)
    assert (kicked["data"]["reason"], kicked["data"]["message"]) == ("peer kicked", "noise")
    assert left["data"]["reason"] == "client request"

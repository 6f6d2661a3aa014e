"""Active rooms: their peers, and the actions of a server."""

from typing import Any

import pytest

from simulator.active_rooms.state import ActiveRooms
from tests.integration.simulator.client import Client
from tests.integration.simulator.workspace import Workspace
from tests.support.contract import check, examples, operations


class Lobby:
    """Create a room with peers."""

    def __init__(self, simulator: Client) -> None:
        self.simulator = simulator
        self.room_id = simulator.post_json("/v2/rooms")["id"]
        self.path = f"/v2/active-rooms/{self.room_id}"

    def join(self, user_id: str = "user-1", role: str = "host", **more: str) -> Any:
        peer = {"name": "Ada", "role": role, "user_id": user_id, **more}
        return self.simulator.post_json(f"/_simulator/rooms/{self.room_id}/peers", peer)

    def peers(self, **query: str) -> list[str]:
        """Return the user IDs of the peers in the room."""
        shown = self.simulator.get_json(f"{self.path}/peers", **query)["peers"]
        assert all(key == peer["id"] for key, peer in shown.items())
        return [peer["user_id"] for peer in shown.values()]

    def session(self) -> Any:
        """Return the room's latest session."""
        return self.simulator.get_json("/v2/sessions", room_id=self.room_id)["data"][0]


@pytest.fixture
def lobby(simulator: Client) -> Lobby:
    return Lobby(simulator)


def test_a_room_is_active_while_peers_are_in_it(lobby: Lobby) -> None:
    assert lobby.simulator.get(lobby.path).json() == {"code": 404, "message": "session not found"}
    first, second = lobby.join(), lobby.join("user-2")
    active = lobby.simulator.get_json(lobby.path)
    assert (active["id"], active["session"]["peers"]) == (lobby.room_id, [first["id"], second["id"]])
    assert active["session"]["id"] == lobby.session()["id"]
    lobby.simulator.delete(f"/_simulator/rooms/{lobby.room_id}/peers/{first['id']}")
    assert lobby.simulator.get_json(lobby.path)["session"]["peers"] == [second["id"]]
    assert lobby.simulator.get(f"{lobby.path}/peers/{first['id']}").status_code == 404
    lobby.simulator.delete(f"/_simulator/rooms/{lobby.room_id}/peers/{second['id']}")
    assert lobby.simulator.get(lobby.path).status_code == 404
    assert lobby.simulator.get(f"{lobby.path}/peers/{second['id']}").status_code == 404


def test_a_peer_is_shown_as_it_joined(lobby: Lobby) -> None:
    joined = lobby.join(metadata='{"isHandRaised":false}')
    shown = lobby.simulator.get_json(f"{lobby.path}/peers/{joined['id']}")
    assert shown == joined
    assert shown["metadata"] == '{"isHandRaised":false}'
    assert {track["type"] for track in shown["tracks"].values()} == {"audio", "video"}
    assert len({track["stream_id"] for track in shown["tracks"].values()}) == 1


def test_peers_are_found_by_user_and_by_role(lobby: Lobby) -> None:
    lobby.join("user-1", "host")
    lobby.join("user-2", "guest")
    assert lobby.peers() == lobby.peers(user_id="", role="") == ["user-1", "user-2"]
    assert lobby.peers(role="guest") == lobby.peers(user_id="user-2") == ["user-2"]
    assert lobby.peers(role="guest", user_id="user-1") == lobby.peers(role="nobody") == []


def test_a_change_keeps_what_it_does_not_name(lobby: Lobby) -> None:
    joined = lobby.join(metadata="{}")
    path = f"{lobby.path}/peers/{joined['id']}"
    assert lobby.simulator.post_json(path, {}) == joined
    assert lobby.simulator.post_json(path, {"name": "Grace", "role": ""}) == joined | {"name": "Grace"}
    assert lobby.simulator.post_json(path, {"metadata": ""}) == joined | {"name": "Grace", "metadata": ""}
    changed = lobby.simulator.post_json(path, {"role": "guest"})
    assert changed == lobby.simulator.get_json(path) == joined | {"name": "Grace", "metadata": "", "role": "guest"}
    assert lobby.session()["peers"][joined["id"]]["role"] == "guest"


def test_a_peer_that_may_publish_less_in_its_new_role_loses_the_tracks(simulator: Client) -> None:
    roles: Any = {"host": {}, "listener": {"publishParams": {"allowed": []}}}
    template = simulator.post_json("/v2/templates", {"roles": roles})
    room = simulator.post_json("/v2/rooms", {"template_id": template["id"]})
    peer = {"name": "Ada", "role": "host", "user_id": "user-1"}
    joined = simulator.post_json(f"/_simulator/rooms/{room['id']}/peers", peer)
    changed = simulator.post_json(f"/v2/active-rooms/{room['id']}/peers/{joined['id']}", {"role": "listener"})
    assert len(joined["tracks"]) == 2
    assert changed["tracks"] == {}


@pytest.mark.parametrize(("body", "status"), [({"role": "nobody"}, 404), ({"name": 1}, 400), ({"metadata": {}}, 400)])
def test_a_change_that_is_refused_changes_nothing(lobby: Lobby, body: Any, status: int) -> None:
    joined = lobby.join()
    path = f"{lobby.path}/peers/{joined['id']}"
    assert lobby.simulator.post(path, {"name": "Grace"} | body).status_code == status
    assert lobby.simulator.get_json(path) == joined


def test_a_message_goes_to_a_peer_or_a_role_or_all(lobby: Lobby) -> None:
    peer_id = lobby.join()["id"]
    for target in ({"peer_id": peer_id, "role": "nobody"}, {"role": "guest"}, {"role": "", "peer_id": ""}, {}):
        sent = lobby.simulator.post_json(f"{lobby.path}/send-message", {"message": "hi", "type": "chat", **target})
        assert sent == {"message": "message sent"}


def test_peer_id_in_another_spelling_names_nobody(lobby: Lobby) -> None:
    lobby.join()
    for unknown in ("nobody", 7):
        lobby.simulator.post_json(f"{lobby.path}/send-message", {"message": "hi", "peerId": unknown})


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"message": 1}, 400),
        ({"message": "hi", "peer_id": "nobody"}, 404),
        ({"message": "hi", "role": "nobody"}, 404),
    ],
)
def test_a_message_without_receiver_is_refused(lobby: Lobby, body: Any, status: int) -> None:
    lobby.join()
    assert lobby.simulator.post(f"{lobby.path}/send-message", body).status_code == status


def test_a_peer_is_removed_and_its_role_stays(lobby: Lobby) -> None:
    removed = lobby.join("user-1", "host")
    lobby.join("user-2", "host")
    body = {"peer_id": removed["id"], "role": "host", "reason": ""}
    lobby.simulator.post_json(f"{lobby.path}/remove-peers", body)
    assert lobby.peers() == ["user-2"]
    assert "left_at" in lobby.session()["peers"][removed["id"]]


def test_a_role_is_removed_whole(lobby: Lobby) -> None:
    for user_id, role in (("user-1", "host"), ("user-2", "guest"), ("user-3", "guest")):
        lobby.join(user_id, role)
    for _ in range(2):
        lobby.simulator.post_json(f"{lobby.path}/remove-peers", {"role": "guest"})
        assert lobby.peers() == ["user-1"]
    lobby.simulator.post_json(f"{lobby.path}/remove-peers", {"role": "host"})
    assert lobby.simulator.get(lobby.path).status_code == 404
    assert not lobby.session()["active"]


@pytest.mark.parametrize("body", [{"reason": "noise"}, {"reason": ""}, {}])
def test_a_removal_event_contains_its_reason(body: Any) -> None:
    workspace = Workspace()
    for user_id in ("user-1", "user-2"):
        workspace.join(user_id=user_id)
    assert workspace.types()
    workspace.store[ActiveRooms].remove(workspace.room.id, {"role": "host", **body})
    left = [domain_event.data for domain_event in workspace.take() if domain_event.type == "peer.leave.success"]
    assert [(data["reason"], data["message"]) for data in left] == [("peer kicked", body.get("reason", ""))] * 2


@pytest.mark.parametrize("body", [{}, {"reason": "noise"}, {"peer_id": "", "role": ""}])
def test_a_removal_has_to_name_somebody(lobby: Lobby, body: Any) -> None:
    lobby.join()
    response = lobby.simulator.post(f"{lobby.path}/remove-peers", body)
    assert response.status_code == 400
    assert response.json()["details"] == ["Invalid body param: peer_id or role must be specified"]


@pytest.mark.parametrize("body", [{"peer_id": "nobody"}, {"role": "nobody"}])
def test_who_is_not_there_cannot_be_removed(lobby: Lobby, body: Any) -> None:
    lobby.join()
    assert lobby.simulator.post(f"{lobby.path}/remove-peers", body).status_code == 404
    assert lobby.peers() == ["user-1"]


@pytest.mark.parametrize("body", [None, {}, {"reason": "Class has ended", "lock": False}])
def test_a_room_that_is_ended_can_be_joined_again(lobby: Lobby, body: Any) -> None:
    peer_id = lobby.join()["id"]
    lobby.simulator.post_json(f"{lobby.path}/end-room", body)
    ended = lobby.session()
    assert not ended["active"]
    assert ended["peers"][peer_id]["left_at"] == ended["updated_at"]
    assert lobby.simulator.get(lobby.path).status_code == 404
    lobby.join()
    assert lobby.session()["id"] != ended["id"]


def test_a_room_that_is_locked_is_disabled_until_it_is_enabled(lobby: Lobby) -> None:
    lobby.join()
    lobby.simulator.post_json(f"{lobby.path}/end-room", {"lock": True})
    room = f"/v2/rooms/{lobby.room_id}"
    assert lobby.simulator.get_json(room)["enabled"] is False
    body = {"name": "Ada", "role": "host", "user_id": "user-1"}
    assert lobby.simulator.post(f"/_simulator/rooms/{lobby.room_id}/peers", body).status_code == 403
    lobby.simulator.post_json(room, {"enabled": True})
    lobby.join()


def test_an_end_that_is_refused_ends_nothing(lobby: Lobby) -> None:
    lobby.join()
    assert lobby.simulator.post(f"{lobby.path}/end-room", {"lock": "yes"}).status_code == 400
    assert lobby.peers() == ["user-1"]


@pytest.mark.parametrize(
    ("room", "message"), [("0", "Room not found"), ("empty", "session not found")], ids=["unknown", "empty"]
)
def test_every_call_needs_a_running_session(lobby: Lobby, room: str, message: str) -> None:
    room_id = lobby.room_id if room == "empty" else room
    calls = [operation for operation in operations().values() if operation.path.startswith("/active-rooms")]
    assert len(calls) == 7
    for call in calls:
        target = call.filled(room_id=room_id, peer_id="0")
        response = lobby.simulator.call(call.method, f"/v2{target}", json={"message": "hi", "role": "host"})
        assert response.json() == {"code": 404, "message": message}, call.path


def test_active_rooms_answer_as_documented(lobby: Lobby) -> None:
    call = lobby.simulator
    peer_id, *_ = [lobby.join(f"user-{number}")["id"] for number in range(3)]
    check("retrieveActiveRoom", call.get(lobby.path), "active")
    check("listActivePeers", call.get(f"{lobby.path}/peers"), "peers")
    check("retrieveActivePeer", call.get(f"{lobby.path}/peers/{peer_id}"), "peer")
    change = examples("updateActivePeer")["update"]
    check("updateActivePeer", call.post(f"{lobby.path}/peers/{peer_id}", change), "peer")
    for name in ("direct", "customEventToPeer", "customEventBroadcast"):
        message = examples("sendActiveRoomMessage")[name]
        target = {"peer_id": peer_id} if "peer_id" in message else {}
        check("sendActiveRoomMessage", call.post(f"{lobby.path}/send-message", message | target), "sent")
    removal = examples("removeActivePeers")["remove"] | {"peer_id": peer_id}
    check("removeActivePeers", call.post(f"{lobby.path}/remove-peers", removal), "submitted")
    check("removeActivePeers", call.post(f"{lobby.path}/remove-peers", removal))
    end = examples("endActiveRoom")["end"]
    check("endActiveRoom", call.post(f"{lobby.path}/end-room", end), "ending")
    check("endActiveRoom", call.post(f"{lobby.path}/end-room", end))

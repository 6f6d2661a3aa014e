"""Rooms admit only as many peers, publishers and raised hands as documented."""

from typing import Any

import pytest
import requests

from simulator.errors import Forbidden
from tests.integration.simulator.client import Client
from tests.integration.simulator.jobs import join, leave, new_room
from tests.integration.simulator.workspace import Workspace

LIMIT = 200
RAISED, LOWERED = '{"isHandRaised": true}', '{"isHandRaised": false}'


def try_to_join(simulator: Client, room_id: str, **changes: str) -> requests.Response:
    peer = {"name": "Ada", "role": "host", "user_id": "user-1"} | changes
    return simulator.post(f"/_simulator/rooms/{room_id}/peers", peer)


def test_a_room_takes_no_more_peers_than_its_size(simulator: Client) -> None:
    room_id = new_room(simulator, size=2)
    first, _ = join(simulator, room_id), join(simulator, room_id, "guest")
    refused = try_to_join(simulator, room_id)
    assert refused.json() == {"code": 403, "message": "room limit reached"}
    leave(simulator, room_id, first)
    assert try_to_join(simulator, room_id).status_code == 200


def test_a_recorder_takes_no_place_in_a_room(simulator: Client) -> None:
    room_id = new_room(simulator, size=1)
    simulator.post_json(f"/v2/recordings/room/{room_id}/start", {"destination": ""})
    simulator.post_json("/_simulator/clock", {"advance_seconds": 5})
    join(simulator, room_id)
    assert len(simulator.get_json(f"/v2/active-rooms/{room_id}/peers")["peers"]) == 2
    assert try_to_join(simulator, room_id).status_code == 403


@pytest.fixture
def large(workspace_without_http: Workspace) -> Workspace:
    """A large room with 200 peers that publish and have raised their hands."""
    workspace = workspace_without_http
    workspace.rooms.update(workspace.room.id, {"large_room": True})
    for _ in range(LIMIT):
        workspace.join(metadata=RAISED)
    return workspace


@pytest.fixture
def workspace_without_http() -> Workspace:
    return Workspace(viewer={"publishParams": {"allowed": []}})


def test_a_large_room_takes_200_publishers_and_more_viewers(large: Workspace) -> None:
    with pytest.raises(Forbidden, match="publisher limit reached"):
        large.join()
    viewer = large.join(role="viewer")
    with pytest.raises(Forbidden, match="publisher limit reached"):
        large.sessions.change_role(large.room.id, viewer, "host")


def test_a_large_room_takes_200_raised_hands(large: Workspace) -> None:
    with pytest.raises(Forbidden, match="hand raise limit reached"):
        large.join(role="viewer", metadata=RAISED)
    viewer = large.join(role="viewer", metadata=LOWERED)
    with pytest.raises(Forbidden, match="hand raise limit reached"):
        large.sessions.change_metadata(large.room.id, viewer, RAISED)
    raised = next(iter(large.sessions.require_active(large.room.id).connected()))
    large.sessions.change_metadata(large.room.id, raised.id, RAISED)
    large.sessions.change_metadata(large.room.id, raised.id, LOWERED)
    large.sessions.change_metadata(large.room.id, viewer, RAISED)


def test_other_rooms_have_no_limit_of_publishers(workspace_without_http: Workspace) -> None:
    ids: set[Any] = {workspace_without_http.join(metadata=RAISED) for _ in range(LIMIT + 1)}
    assert len(ids) == LIMIT + 1

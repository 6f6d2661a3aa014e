"""Life cycle of a room's stream keys."""

import pytest

from tests.integration.simulator.client import Client
from tests.integration.simulator.jobs import new_room, pass_time, without_times
from tests.support.contract import check


@pytest.fixture
def path(simulator: Client) -> str:
    """Return the path of a room's key."""
    return f"/v2/stream-keys/room/{new_room(simulator)}"


def test_a_room_has_one_key_until_it_is_disabled(simulator: Client, path: str) -> None:
    created = simulator.post_json(path)
    assert created["enabled"] is True
    assert created["room_id"] == path.rpartition("/")[2]
    pass_time(simulator, 365 * 86_400)
    page = simulator.get_json(path)
    assert page["last"] == created["id"]
    assert [without_times(key) for key in page["data"]] == [without_times(created)]
    assert simulator.post(path).json() == {"code": 400, "message": "Active key already exists"}
    assert simulator.get_json(path) == page
    assert simulator.post(f"{path}/disable").status_code == 201
    assert simulator.get(path).json() == {"code": 404, "message": "No active key found"}


def test_another_key_takes_the_place_of_a_disabled_one(simulator: Client, path: str) -> None:
    first = simulator.post_json(path)
    simulator.post(f"{path}/disable")
    second = simulator.post_json(path)
    assert first["id"] != second["id"]
    assert first["key"] != second["key"]
    assert [key["key"] for key in simulator.get_json(path)["data"]] == [second["key"]]


def test_each_room_has_a_separate_key(simulator: Client, path: str) -> None:
    other = f"/v2/stream-keys/room/{new_room(simulator)}"
    keys = [simulator.post_json(path)["key"], simulator.post_json(other)["key"]]
    simulator.post(f"{path}/disable")
    assert simulator.get_json(other)["data"][0]["key"] == keys[1] != keys[0]


def test_there_is_nothing_to_disable_in_a_room_without_a_key(simulator: Client, path: str) -> None:
    assert simulator.post(f"{path}/disable").json() == {"code": 404, "message": "Key not found"}


def test_the_key_of_a_disabled_room_is_unavailable_until_it_is_enabled(simulator: Client, path: str) -> None:
    created = simulator.post_json(path)
    room = f"/v2/rooms/{created['room_id']}"
    simulator.post_json(room, {"enabled": False})
    for response in (simulator.post(path), simulator.get(path), simulator.post(f"{path}/disable")):
        assert response.json() == {"code": 403, "message": "Room is disabled"}
    simulator.post_json(room, {"enabled": True})
    assert [key["key"] for key in simulator.get_json(path)["data"]] == [created["key"]]


def test_an_unknown_room_has_no_key(simulator: Client) -> None:
    path = "/v2/stream-keys/room/0"
    for response in (simulator.post(path), simulator.get(path), simulator.post(f"{path}/disable")):
        assert response.json() == {"code": 404, "message": "Room not found"}


def test_stream_keys_answer_as_documented(simulator: Client, path: str) -> None:
    check("getStreamKey", simulator.get(path))
    check("createStreamKey", simulator.post(path), "key")
    check("createStreamKey", simulator.post(path))
    check("getStreamKey", simulator.get(path), "keys")
    check("disableStreamKey", simulator.post(f"{path}/disable"), "disabled")
    check("disableStreamKey", simulator.post(f"{path}/disable"))
    simulator.post_json(f"/v2/rooms/{path.rpartition('/')[2]}", {"enabled": False})
    check("createStreamKey", simulator.post(path))
    check("createStreamKey", simulator.post("/v2/stream-keys/room/0"))

"""Life cycle of room codes, and their exchange for a token."""

import re
from typing import Any

import jwt
import pytest

from tests.integration.simulator.client import ACCESS_KEY, SECRET, Client


@pytest.fixture
def room(simulator: Client) -> Any:
    """Create a room with a separate template."""
    template_id = simulator.post_json("/v2/templates", {"roles": {"host": {}, "guest": {}}})["id"]
    return simulator.post_json("/v2/rooms", {"template_id": template_id})


def codes_path(room: Any) -> str:
    return f"/v2/room-codes/room/{room['id']}"


def exchange(simulator: Client, **body: Any) -> Any:
    """Exchange a code, which needs no token."""
    return simulator.call("POST", "/v2/token", json=body, headers={"Authorization": ""})


def test_every_role_gets_one_code_and_keeps_it(simulator: Client, room: Any) -> None:
    first = simulator.post_json(codes_path(room))["data"]
    assert {code["role"] for code in first} == {"host", "guest"}
    assert all(re.fullmatch("[a-z]{3}-[a-z]{4}-[a-z]{3}", code["code"]) for code in first)
    assert simulator.post_json(codes_path(room))["data"] == first


def test_a_new_role_gets_a_code_and_a_deleted_role_s_code_is_disabled(simulator: Client, room: Any) -> None:
    simulator.post_json(codes_path(room))
    roles = f"/v2/templates/{room['template_id']}/roles"
    simulator.post_json(f"{roles}/speaker", {})
    simulator.delete(f"{roles}/guest")
    enabled = {code["role"]: code["enabled"] for code in simulator.post_json(codes_path(room))["data"]}
    assert enabled == {"host": True, "speaker": True, "guest": False}


@pytest.mark.parametrize("body", ['{"enabled": true}', "[]", "null", "no JSON", "\u00fc"])
def test_a_body_that_the_call_does_not_take_is_ignored(simulator: Client, room: Any, body: str) -> None:
    response = simulator.call("POST", codes_path(room), data=body.encode())
    assert {code["role"] for code in response.json()["data"]} == {"host", "guest"}


def test_a_role_can_have_several_codes(simulator: Client, room: Any) -> None:
    codes = {simulator.post_json(f"{codes_path(room)}/role/host")["code"] for _ in range(3)}
    assert len(codes) == 3
    assert len(simulator.post_json(codes_path(room))["data"]) == 4


def test_a_room_has_at_most_100_codes(simulator: Client, room: Any) -> None:
    for _ in range(100):
        simulator.post_json(f"{codes_path(room)}/role/host")
    assert simulator.post(f"{codes_path(room)}/role/host").status_code == 400


def test_a_list_shows_the_codes_its_filters_name(simulator: Client, room: Any) -> None:
    host, guest = simulator.post_json(codes_path(room))["data"]
    simulator.post_json("/v2/room-codes/code", {"code": guest["code"], "enabled": False})

    def listed(**query: Any) -> set[str]:
        return {code["code"] for code in simulator.get_json(codes_path(room), **query)["data"]}

    assert listed() == {host["code"], guest["code"]}
    assert listed(role="host") == {host["code"]}
    assert listed(enabled="false") == {guest["code"]}
    assert listed(role="host", enabled="false") == set()
    assert simulator.get(codes_path(room), role="nobody").json() == {"code": 404, "message": "Role not found"}


def test_a_code_is_exchanged_for_a_token_of_its_room_and_role(simulator: Client, room: Any) -> None:
    code = simulator.post_json(f"{codes_path(room)}/role/host")["code"]
    response = exchange(simulator, code=code, user_id="ada")
    claims = jwt.decode(response.json()["token"], SECRET, algorithms=["HS256"])
    expected = {"access_key": ACCESS_KEY, "type": "app", "version": 2, "role": "host", "user_id": "ada"}
    assert expected.items() <= claims.items()
    assert claims["room_id"] == room["id"]
    assert claims["exp"] - claims["iat"] == 86_400


def test_two_users_without_names_have_different_ids(simulator: Client, room: Any) -> None:
    code = simulator.post_json(f"{codes_path(room)}/role/host")["code"]
    tokens = [exchange(simulator, code=code).json()["token"] for _ in range(2)]
    assert len({jwt.decode(token, SECRET, algorithms=["HS256"])["user_id"] for token in tokens}) == 2


def test_a_disabled_code_fails_the_exchange_until_it_is_enabled(simulator: Client, room: Any) -> None:
    code = simulator.post_json(f"{codes_path(room)}/role/host")["code"]
    for enabled, status in ((False, 403), (True, 200)):
        assert simulator.post_json("/v2/room-codes/code", {"code": code, "enabled": enabled})["enabled"] is enabled
        assert exchange(simulator, code=code).status_code == status


def test_an_exchange_needs_a_known_code_an_enabled_room_and_a_role(simulator: Client, room: Any) -> None:
    code = simulator.post_json(f"{codes_path(room)}/role/guest")["code"]
    assert exchange(simulator, code="abc-defg-hij").status_code == 404
    simulator.post_json(f"/v2/rooms/{room['id']}", {"enabled": False})
    assert exchange(simulator, code=code).json() == {"code": 403, "message": "Room is disabled"}
    simulator.post_json(f"/v2/rooms/{room['id']}", {"enabled": True})
    simulator.delete(f"/v2/templates/{room['template_id']}/roles/guest")
    assert exchange(simulator, code=code).status_code == 404


@pytest.mark.parametrize("body", [{}, {"code": 7}, {"code": "abc-defg-hij", "user_id": 7}])
def test_an_exchange_without_a_proper_code_and_user_is_refused(simulator: Client, body: Any) -> None:
    assert exchange(simulator, **body).status_code == 400


def test_the_code_of_a_deleted_role_cannot_be_enabled(simulator: Client, room: Any) -> None:
    code = simulator.post_json(f"{codes_path(room)}/role/guest")["code"]
    simulator.delete(f"/v2/templates/{room['template_id']}/roles/guest")
    response = simulator.post("/v2/room-codes/code", {"code": code, "enabled": True})
    assert response.json() == {"code": 403, "message": "Code can not be enabled (role/room does not exist)"}
    assert simulator.post("/v2/room-codes/code", {"code": code, "enabled": False}).status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"code": "abc-defg-hij", "enabled": True}, 404, "Code not found"),
        ({"code": "abc-defg-hij", "enabled": "yes"}, 400, "Invalid body parameter - enabled is not a boolean"),
        (
            {"code": "abc-defg-hij", "enabled": True, "role": "host"},
            400,
            "Invalid body parameter - body contains a field other than enabled",
        ),
    ],
)
def test_a_wrong_change_of_a_code_is_refused(simulator: Client, body: Any, status: int, said: str) -> None:
    answer = simulator.post("/v2/room-codes/code", body)
    assert answer.status_code == status
    assert said in [answer.json()["message"], *answer.json().get("details", [])]


def test_a_role_whose_codes_are_disabled_gets_a_fresh_one(simulator: Client, room: Any) -> None:
    path = f"/v2/room-codes/room/{room['id']}"
    first = simulator.post_json(path)["data"]
    simulator.post_json("/v2/room-codes/code", {"code": first[0]["code"], "enabled": False})
    second = simulator.post_json(path)["data"]
    (fresh,) = [code for code in second if code["code"] not in {code["code"] for code in first}]
    assert (fresh["role"], fresh["enabled"], len(second)) == (first[0]["role"], True, len(first) + 1)


def test_a_disabled_room_gives_no_codes(simulator: Client, room: Any) -> None:
    simulator.post_json(f"/v2/rooms/{room['id']}", {"enabled": False})
    path = codes_path(room)
    for response in (simulator.post(path), simulator.get(path), simulator.post(f"{path}/role/host")):
        assert response.json() == {"code": 403, "message": "Room is disabled"}


def test_an_unknown_room_or_role_has_no_codes(simulator: Client, room: Any) -> None:
    for response in (simulator.post("/v2/room-codes/room/0"), simulator.get("/v2/room-codes/room/0")):
        assert response.json() == {"code": 404, "message": "Room not found"}
    response = simulator.post(f"{codes_path(room)}/role/nobody")
    assert response.json() == {"code": 404, "message": "Role not found"}

"""The calls that Prebuilt makes: layouts, and tokens of its connectivity check."""

from typing import Any

import jwt
import pytest
import requests

from tests.integration.simulator.client import SECRET, Client, sign
from tests.integration.simulator.jobs import new_room, room_of_template
from tests.support.contract import check

LAYOUTS = "/v2/layouts/ui"


def layouts(simulator: Client, **claims: Any) -> requests.Response:
    token = sign(**{"type": "app", "role": "host", "user_id": "user-1"} | claims)
    return simulator.call("GET", LAYOUTS, headers={"Authorization": f"Bearer {token}"})


def test_the_first_layout_is_that_of_the_token_s_role(simulator: Client) -> None:
    room_id = room_of_template(simulator, roles={"host": {}, "guest": {}, "stage": {}})
    template_id = simulator.get_json(f"/v2/rooms/{room_id}")["template_id"]
    for role in ("host", "stage"):
        data = check("getRoomLayouts", layouts(simulator, room_id=room_id, role=role), "layouts")["data"]
        assert data[0]["role"] == role
        assert {layout["role"] for layout in data} == {"host", "guest", "stage"}
        assert {layout["template_id"] for layout in data} == {template_id}
        assert set(data[0]["screens"]) == {"preview", "conferencing", "leave"}


def test_layouts_need_an_app_token_of_a_room_and_role(simulator: Client) -> None:
    room_id = new_room(simulator)
    assert simulator.get(LAYOUTS).status_code == 401
    assert layouts(simulator, room_id="0").json() == {"code": 404, "message": "Room not found"}
    assert layouts(simulator, room_id=room_id, role="nobody").json() == {"code": 404, "message": "Role not found"}


@pytest.mark.parametrize("query", ["", "?region=in"])
def test_a_connectivity_check_gets_a_join_token_without_one(simulator: Client, query: str) -> None:
    response = requests.get(f"{simulator.url}/v2/diagnostics/token{query}", timeout=10)
    assert response.status_code == 200
    claims = jwt.decode(response.json()["token"], SECRET, algorithms=["HS256"])
    assert (claims["type"], claims["version"]) == ("app", 2)
    assert claims["room_id"]

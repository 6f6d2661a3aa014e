import json

import pytest

from hms.client import HmsClient
from hms.models.room_codes import RoomCodeListQuery, RoomCodeUpdate
from tests.support.contract import examples
from tests.support.servers import ScriptedServer, answer
from tests.unit.models.checks import documented_answers, problems


@pytest.mark.parametrize("body", examples("updateRoomCode").values())
def test_the_documented_update_passes(body: object) -> None:
    assert problems(RoomCodeUpdate, body, closed=True) == []


@pytest.mark.parametrize("closed", [False, True])
def test_an_update_takes_no_other_member_as_100ms_documents(closed: bool) -> None:
    (code,) = documented_answers("updateRoomCode")
    named = {problem.split(":")[0] for problem in problems(RoomCodeUpdate, code, closed)}
    assert named == code.keys() - {"code", "enabled"}


def test_an_update_needs_the_code_and_its_enabled_state() -> None:
    assert [problem.split(":")[0] for problem in problems(RoomCodeUpdate, {})] == ["code", "enabled"]


@pytest.mark.parametrize("limit", ["1", "20", "500"])
def test_a_page_of_codes_has_no_documented_size(limit: str) -> None:
    assert problems(RoomCodeListQuery, {"limit": limit, "role": "host", "enabled": "false"}) == []


def test_the_codes_of_all_pages_are_those_of_the_room(client: HmsClient, upstream: ScriptedServer) -> None:
    pages = [{"limit": 1, "data": [{"code": "a"}], "last": "a"}, {"limit": 1, "data": [{"code": "b"}], "last": ""}]
    upstream.script[:] = [answer(200, json.dumps(page).encode()) for page in pages]
    codes = client.room_codes.iterate("room-1", {"role": "host"})
    assert [code["code"] for code in codes] == ["a", "b"]
    assert [request.target for request in upstream.requests] == [
        "/v2/room-codes/room/room-1?role=host",
        "/v2/room-codes/room/room-1?role=host&start=a",
    ]

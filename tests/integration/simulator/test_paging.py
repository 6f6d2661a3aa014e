"""Paging through a list."""

import pytest

from tests.integration.simulator.client import Client


def test_pages_follow_one_another_newest_first(simulator: Client) -> None:
    room_ids = [simulator.post_json("/v2/rooms")["id"] for _ in range(25)]
    assert room_ids == sorted(room_ids)
    seen, start = [], ""
    sizes = []
    while page := simulator.get_json("/v2/rooms", start=start)["data"]:
        seen += [room["id"] for room in page]
        sizes.append(len(page))
        start = seen[-1]
    assert seen == room_ids[::-1]
    assert sizes == [10, 10, 5]


def test_a_page_names_its_limit_and_its_last_item(simulator: Client) -> None:
    room_ids = [simulator.post_json("/v2/rooms")["id"] for _ in range(12)]
    page = simulator.get_json("/v2/rooms", limit=11)
    assert (page["limit"], page["last"]) == (11, room_ids[1])
    rest = simulator.get_json("/v2/rooms", limit=100, start=page["last"])
    assert (rest["limit"], rest["last"], len(rest["data"])) == (100, room_ids[0], 1)


def test_a_cursor_works_under_a_filter_it_does_not_pass(simulator: Client) -> None:
    older = simulator.post_json("/v2/rooms", {"name": "older"})["id"]
    newer = simulator.post_json("/v2/rooms")["id"]
    page = simulator.get_json("/v2/rooms", start=newer, name="older")
    assert [room["id"] for room in page["data"]] == [older]


@pytest.mark.parametrize("limit", ["00", "9", "101", "-10", "ten", "10.5"])
def test_a_limit_out_of_range_is_refused(simulator: Client, limit: str) -> None:
    assert simulator.get("/v2/rooms", limit=limit).status_code == 400


@pytest.mark.parametrize(
    "path", ["recordings", "recording-assets", "live-streams", "external-streams", "room-codes/room/{room}"]
)
def test_a_list_whose_page_names_no_minimum_takes_any_limit_from_1(simulator: Client, path: str) -> None:
    room_id = simulator.post_json("/v2/rooms")["id"]
    assert simulator.get_json("/v2/" + path.format(room=room_id), limit=1)["limit"] == 1


@pytest.mark.parametrize("limit", ["0", ""])
def test_a_limit_of_nothing_is_the_default(simulator: Client, limit: str) -> None:
    assert simulator.get_json("/v2/rooms", limit=limit, start="")["limit"] == 10


def test_templates_and_room_codes_are_paged_too(simulator: Client) -> None:
    for number in range(10):
        simulator.post_json("/v2/templates", {"name": f"template {number}"})
    first = simulator.get_json("/v2/templates")
    assert [template["name"] for template in first["data"]] == [f"template {number}" for number in range(9, -1, -1)]
    assert len(simulator.get_json("/v2/templates", start=first["last"])["data"]) == 1

    room_id = simulator.post_json("/v2/rooms")["id"]
    codes = [simulator.post_json(f"/v2/room-codes/room/{room_id}/role/host")["code"] for _ in range(21)]
    page = simulator.get_json(f"/v2/room-codes/room/{room_id}")
    assert (page["limit"], page["last"]) == (20, codes[1])
    rest = simulator.get_json(f"/v2/room-codes/room/{room_id}", start=page["last"])
    assert ([code["code"] for code in rest["data"]], rest["last"]) == ([codes[0]], "")

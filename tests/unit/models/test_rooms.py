import pytest

from hms.models.rooms import RoomCreate, RoomUpdate
from tests.unit.models.checks import documented_answers, problems


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("operation", ["createRoom", "retrieveRoom", "updateRoom"])
def test_a_room_read_and_posted_back_passes(operation: str, closed: bool) -> None:
    for answer in documented_answers(operation):
        assert problems(RoomUpdate, answer, closed=closed) == []


def test_a_size_over_2500_needs_a_large_room() -> None:
    assert problems(RoomCreate, {"size": 2501})[0].startswith("size:")
    assert problems(RoomUpdate, {"size": 2501, "large_room": False})[0].startswith("size:")
    assert problems(RoomCreate, {"size": 20_000, "large_room": True}) == []
    assert problems(RoomUpdate, {"size": 20_000}) == []


def test_a_template_is_named_by_its_id_only() -> None:
    assert problems(RoomCreate, {"template": "x"}) == ["template: not taken, use template_id"]

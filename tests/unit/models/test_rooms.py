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


@pytest.mark.parametrize("name", ["Appointment 42", "ann@example.com", "a-1.b:c_d"])
def test_a_name_may_have_blanks_and_at_signs(name: str) -> None:
    assert problems(RoomCreate, {"name": name}) == []


@pytest.mark.parametrize("name", ["", "a/b", "n\u00f6", "a!"])
def test_a_name_with_another_character_is_refused(name: str) -> None:
    assert problems(RoomCreate, {"name": name})[0].startswith("name: must match")


def test_a_bucket_of_r2_has_an_account() -> None:
    upload = {"type": "r2", "location": "a-bucket", "options": {"account_id": "a"}}
    assert problems(RoomUpdate, {"recording_info": {"upload_info": upload}}, closed=True) == []


def test_a_template_is_named_by_its_id_only() -> None:
    assert problems(RoomCreate, {"template": "x"}) == ["template: is not allowed, use template_id"]

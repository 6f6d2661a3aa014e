import pytest

from hms.models.sessions import SessionListQuery
from tests.unit.models.checks import problems


def test_sessions_are_listed_by_state_room_and_time() -> None:
    query = {"active": "false", "room_id": "r", "after": "2026-01-31T12:00:00.000Z", "before": "2026-02-28T12:00:00Z"}
    assert problems(SessionListQuery, {**query, "limit": "100", "start": "s"}) == []


@pytest.mark.parametrize(
    ("name", "value"), [("active", "1"), ("after", "yesterday"), ("before", "2026-02-28T12:00:00"), ("limit", "101")]
)
def test_a_filter_that_cannot_be_read_is_refused(name: str, value: str) -> None:
    (problem,) = problems(SessionListQuery, {name: value})
    assert problem.startswith(f"{name}: ")

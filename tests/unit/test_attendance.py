"""The attendance sheet: what the facts of a session come to."""

from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hms.attendance.facts import Fact, NoFact
from hms.attendance.sheet import Sheet
from tests.support.attendance import Session, closed, deliveries, envelope, joined, left, opened, sessions, shown

Json = dict[str, Any]


def sheet_of(*events: Json) -> Json:
    return asdict(Sheet.of("s", [Fact.of(event) for event in events]))


def stays_of(*events: Json) -> list[tuple[Any, ...]]:
    return [(row["joined_at"], row["left_at"], row["duration_seconds"]) for row in sheet_of(*events)["attendees"]]


@given(data=st.data(), session=sessions())
def test_any_order_and_any_repetition_of_a_session_s_events_come_to_the_same_sheet(
    data: st.DataObject, session: Session
) -> None:
    delivered = data.draw(deliveries(session.events))
    assert asdict(Sheet.of(session.id, [Fact.of(event) for event in delivered])) == session.sheet


def test_the_end_of_the_session_ends_a_stay_whose_leave_was_never_told() -> None:
    assert stays_of(joined("s", "p", 1), closed("s", 9)) == [(shown(1), shown(9), 8)]


def test_a_stay_lasts_while_nothing_ends_it() -> None:
    sheet = sheet_of(opened("s"), joined("s", "p", 1))
    assert sheet["ended_at"] is None
    assert (sheet["attendees"][0]["left_at"], sheet["attendees"][0]["duration_seconds"]) == (None, None)


def test_a_leave_alone_tells_the_whole_stay() -> None:
    assert stays_of(left("s", "p", 1, 4)) == [(shown(1), shown(4), 3)]


def test_a_join_told_after_the_session_s_end_is_a_stay_up_to_it() -> None:
    assert stays_of(closed("s", 9), left("s", "q", 1, 2), joined("s", "p", 3)) == [
        (shown(1), shown(2), 1),
        (shown(3), shown(9), 6),
    ]


def test_a_peer_that_comes_back_has_two_stays() -> None:
    events = [joined("s", "p", 1), left("s", "p", 1, 2), joined("s", "p", 5), left("s", "p", 5, 9)]
    assert stays_of(*events) == [(shown(1), shown(2), 1), (shown(5), shown(9), 4)]


@pytest.mark.parametrize(("end", "stay"), [(3, (shown(1), shown(3), 2)), (7, (shown(5), shown(7), 2))])
def test_a_leave_that_does_not_say_when_the_peer_had_come_ends_the_stay_it_falls_into(
    end: float, stay: tuple[Any, ...]
) -> None:
    leave = left("s", "p", 0, end, joined_at=None)
    assert stay in stays_of(joined("s", "p", 1), joined("s", "p", 5), leave, closed("s", 9))


def test_a_leave_that_nothing_is_known_of_before_is_a_stay_without_a_beginning() -> None:
    assert stays_of(left("s", "p", 0, 4, joined_at=None)) == [(None, shown(4), None)]


def test_a_clock_that_went_backwards_makes_no_negative_stay() -> None:
    assert stays_of(left("s", "p", 5, 4)) == [(shown(5), shown(5), 0)]


def test_the_room_and_the_begin_are_known_of_every_event() -> None:
    sheet = sheet_of(joined("s", "p", 1))
    assert (sheet["room_id"], sheet["started_at"]) == ("5f9edc6ac238215aec2312df", shown(0))


@pytest.mark.parametrize(
    "event",
    [
        envelope("room.end.success", "s", 1),
        {"type": "peer.join.success"},
        {"type": "peer.join.success", "data": "none"},
        joined("", "p", 1),
        joined("s", "", 1),
        joined("s", "p", 1, joined_at="yesterday"),
        joined("s", "p", 1, joined_at=7),
        envelope("session.close.success", "s", 9),
    ],
)
def test_an_event_without_what_its_type_documents_is_no_fact(event: Json) -> None:
    with pytest.raises(NoFact):
        Fact.of(event)

"""The attendance report that results from a session's events."""

import time
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hms_service.sessions.attendance.event import AttendanceEvent, UnsupportedEventError
from hms_service.sessions.attendance.report import AttendanceReport
from tests.support.attendance import Session, closed, deliveries, envelope, joined, left, opened, sessions, shown

Json = dict[str, Any]

ZERO_TIME = "0001-01-01T00:00:00Z"
NO_INSTANTS = [
    ZERO_TIME,
    "0001-01-01T00:00:00.000Z",
    "0001-01-01T00:00:00+05:30",
    "0001-01-01T00:00:00-05:30",
    "0001-01-01",
    "1970-01-01T00:00:00Z",
    "1999-12-31T23:59:59.999Z",
    "2100-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59-05:30",
    "10000-01-01T00:00:00Z",
    "20XX-0X-0XT10:XX:XXZ",
    "yesterday",
    "",
    "\ud83d",
    None,
    7,
    1e400,
    ["2026-03-04T09:30:00Z"],
]
"""Values that are not a time, for `joined_at` and similar members."""


def sheet_of(*events: Json) -> Json:
    return asdict(AttendanceReport.from_events("s", [AttendanceEvent.from_webhook(event) for event in events]))


def stays_of(*events: Json) -> list[tuple[Any, ...]]:
    return [(row["joined_at"], row["left_at"], row["duration_seconds"]) for row in sheet_of(*events)["attendees"]]


@given(data=st.data(), session=sessions())
def test_any_order_and_repetition_of_events_results_in_the_same_report(data: st.DataObject, session: Session) -> None:
    delivered = data.draw(deliveries(session.events))
    assert (
        asdict(AttendanceReport.from_events(session.id, [AttendanceEvent.from_webhook(event) for event in delivered]))
        == session.sheet
    )


def test_the_end_of_the_session_ends_a_stay_without_a_leave() -> None:
    assert stays_of(joined("s", "p", 1), closed("s", 9)) == [(shown(1), shown(9), 8)]


def test_a_stay_lasts_while_nothing_ends_it() -> None:
    sheet = sheet_of(opened("s"), joined("s", "p", 1))
    assert sheet["ended_at"] is None
    assert (sheet["attendees"][0]["left_at"], sheet["attendees"][0]["duration_seconds"]) == (None, None)


def test_a_leave_alone_contains_the_whole_stay() -> None:
    assert stays_of(left("s", "p", 1, 4)) == [(shown(1), shown(4), 3)]


def test_a_join_received_after_the_session_end_is_a_stay_up_to_it() -> None:
    assert stays_of(closed("s", 9), left("s", "q", 1, 2), joined("s", "p", 3)) == [
        (shown(1), shown(2), 1),
        (shown(3), shown(9), 6),
    ]


def test_a_peer_that_comes_back_has_two_stays() -> None:
    events = [joined("s", "p", 1), left("s", "p", 1, 2), joined("s", "p", 5), left("s", "p", 5, 9)]
    assert stays_of(*events) == [(shown(1), shown(2), 1), (shown(5), shown(9), 4)]


@pytest.mark.parametrize(("end", "stay"), [(3, (shown(1), shown(3), 2)), (7, (shown(5), shown(7), 2))])
def test_a_leave_without_a_join_time_ends_the_stay_that_contains_it(end: float, stay: tuple[Any, ...]) -> None:
    leave = left("s", "p", 0, end, joined_at=None)
    assert stay in stays_of(joined("s", "p", 1), joined("s", "p", 5), leave, closed("s", 9))


def test_a_leave_in_the_instant_of_the_next_join_is_of_the_next_stay() -> None:
    leave = left("s", "p", 0, 5, joined_at=None, role="host")
    (first, second) = sheet_of(joined("s", "p", 1), joined("s", "p", 5), leave)["attendees"]
    assert (first["joined_at"], first["left_at"], first["role"]) == (shown(1), shown(5), "guest")
    assert (second["joined_at"], second["left_at"], second["role"]) == (shown(5), shown(5), "host")


def test_a_leave_without_an_earlier_event_is_a_stay_without_a_start() -> None:
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
        {**joined("s", "p", 1, joined_at="yesterday"), "timestamp": None},
        {**joined("s", "p", 1, joined_at=7), "timestamp": "20XX-0X-0XT10:XX:XXZ"},
        {**envelope("session.close.success", "s", 9), "timestamp": ZERO_TIME},
        {"type": ["peer.join.success"], "data": {}},
        {"type": "peer.join.success", "data": ["session_id"]},
        ["peer.join.success"],
        None,
        joined("s" * 1025, "p", 1),
        joined("अ" * 683, "p", 1),
        joined("s", "p" * 1_000, 1),
        joined("s", "अ" * 330, 1),
    ],
)
def test_an_event_without_what_its_type_documents_is_no_fact(event: Json) -> None:
    with pytest.raises(UnsupportedEventError):
        AttendanceEvent.from_webhook(event)


def second(seconds: int) -> str:
    """Return the time in the report for a timestamp at an offset from the start, without its fraction."""
    return shown(seconds).replace(".125000", ".000000")


@pytest.mark.parametrize("value", NO_INSTANTS)
def test_an_instant_that_is_none_is_not_given(value: object) -> None:
    join = joined("s", "p", 1)
    unknown_start = left("s", "p", 0, 4, joined_at=value)
    unknown_begin = {**unknown_start, "data": {**unknown_start["data"], "session_started_at": value}}
    sheet = sheet_of(join, unknown_begin)
    assert sheet["started_at"] == shown(0)
    assert [(row["joined_at"], row["left_at"]) for row in sheet["attendees"]] == [(shown(1), shown(4))]


@pytest.mark.parametrize("value", NO_INSTANTS)
def test_an_event_whose_instant_is_none_is_dated_by_its_timestamp(value: object) -> None:
    join = joined("s", "p", 1, joined_at=value)
    assert stays_of(join, left("s", "p", 1, 4, joined_at=value)) == [(second(1), shown(4), 3)]
    leave = left("s", "p", 1, 4)
    leave["data"]["left_at"] = value
    assert stays_of(joined("s", "p", 1), leave) == [(shown(1), second(4), 2)]
    close = closed("s", 9)
    close["data"]["session_stopped_at"] = value
    assert sheet_of(close)["ended_at"] == second(9)
    opening = envelope("session.open.success", "s", 2)
    opening["data"]["session_started_at"] = value
    assert sheet_of(opening)["started_at"] is None


@pytest.mark.parametrize("value", NO_INSTANTS)
def test_an_event_without_a_timestamp_is_older_than_any_other(value: object) -> None:
    other = {**joined("s", "p", 1, user_name="Ada"), "timestamp": value}
    assert AttendanceEvent.from_webhook(other).version < AttendanceEvent.from_webhook(joined("s", "p", 1)).version


@pytest.mark.parametrize("member", ["user_name", "user_id", "role", "room_id"])
@pytest.mark.parametrize("text", ["x" * 500_000, "अ" * 200_000, "🎥" * 130_000])
def test_a_text_that_no_item_can_hold_is_cut(member: str, text: str) -> None:
    event = joined("s", "p", 1)
    event["data"][member] = text
    kept = asdict(AttendanceEvent.from_webhook(event))["name" if member == "user_name" else member]
    assert len(kept) == 256
    assert text.startswith(kept)


def test_ids_as_long_as_keys_may_be_are_kept() -> None:
    assert len(AttendanceEvent.from_webhook(joined("s" * 1024, "p", 1)).session_id) == 1024
    fact = AttendanceEvent.from_webhook(left("s", "p" * 977, 1, 2))
    assert len(fact.sort_key) == 1024


def test_a_lone_surrogate_is_kept_as_a_replacement_character() -> None:
    fact = AttendanceEvent.from_webhook({**joined("s\ud83d", "p\ude00", 1, user_name="A\ud83dda 🎥"), "id": "\ud83d"})
    assert (fact.session_id, fact.peer_id, fact.name) == ("s\ufffd", "p\ufffd", "A\ufffdda 🎥")
    assert fact.version.endswith(" \ufffd")


def test_ten_thousand_stays_of_one_peer_are_put_together_in_linear_time() -> None:
    facts = [AttendanceEvent.from_webhook(joined("s", "p", 2 * number)) for number in range(10_000)]
    facts += [
        AttendanceEvent.from_webhook(left("s", "p", 0, 2 * number + 1, joined_at=None)) for number in range(10_000)
    ]
    started = time.process_time()
    sheet = AttendanceReport.from_events("s", facts)
    assert time.process_time() - started < 3
    assert {stay.duration_seconds for stay in sheet.attendees} == {1}
    assert len(sheet.attendees) == 10_000

"""The clock that all sections use to schedule later changes."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from simulator.clock import Clock, format_nanoseconds, format_seconds, format_timestamp


@pytest.fixture
def clock() -> Clock:
    return Clock(threading.RLock())


def test_scheduled_actions_run_in_order_at_their_time(clock: Clock) -> None:
    start = clock.now()
    seen: list[tuple[str, int]] = []

    def note(what: str) -> None:
        seen.append((what, round((clock.now() - start).total_seconds())))

    clock.call_at(start + timedelta(hours=2), lambda: note("later"))
    clock.call_at(start + timedelta(hours=1), lambda: note("sooner"))
    clock.call_at(start + timedelta(hours=4), lambda: note("not yet"))
    clock.advance(3 * 3600)
    assert seen == [("sooner", 3600), ("later", 7200)]


def test_an_action_scheduled_by_an_action_runs_in_the_same_advance(clock: Clock) -> None:
    seen: list[str] = []

    def first() -> None:
        seen.append("first")
        clock.call_later(10, lambda: seen.append("second"))

    clock.call_later(10, first)
    clock.advance(30)
    assert seen == ["first", "second"]


def test_an_action_that_fails_stops_no_other(clock: Clock) -> None:
    seen: list[str] = []
    clock.call_later(1, lambda: seen.remove("nothing"))
    clock.call_later(2, lambda: seen.append("second"))
    clock.advance(3)
    assert seen == ["second"]


def test_scheduled_actions_run_as_real_time_passes(clock: Clock) -> None:
    happened = threading.Event()
    clock.start()
    try:
        clock.call_later(3600.05, happened.set)
        assert not happened.wait(0.1)
        clock.advance(3600)
        assert happened.wait(5)
    finally:
        clock.stop()


def test_a_reset_removes_scheduled_actions_and_added_time(clock: Clock) -> None:
    seen: list[str] = []
    start = clock.now()
    clock.call_later(60, lambda: seen.append("due"))
    clock.advance(30)
    clock.reset()
    assert clock.now() - start < timedelta(seconds=30)
    clock.advance(120)
    assert seen == []


@pytest.mark.parametrize(("microsecond", "fraction"), [(7_000, ".007"), (70_000, ".07"), (700_000, ".7"), (0, "")])
def test_stored_instants_have_milliseconds_without_trailing_zeros(microsecond: int, fraction: str) -> None:
    instant = datetime(2026, 3, 4, 5, 6, 7, microsecond, UTC)
    assert format_timestamp(instant) == f"2026-03-04T05:06:07{fraction}Z"


def test_new_instants_have_nanoseconds_without_trailing_zeros() -> None:
    instants = [datetime(2026, 3, 4, tzinfo=UTC) + timedelta(milliseconds=number) for number in range(20_000)]
    written = [format_nanoseconds(instant) for instant in instants]
    assert written == [format_nanoseconds(instant) for instant in instants]
    fractions = [text.partition(".")[2].removesuffix("Z") for text in written]
    assert all(fraction == fraction.rstrip("0") for fraction in fractions)
    assert {7, 8, 9} <= {len(fraction) for fraction in fractions}
    assert max(map(len, fractions)) == 9


def test_an_instant_has_the_same_milliseconds_in_each_format() -> None:
    instant = datetime(2026, 3, 4, 5, 6, 7, 89_000, UTC)
    assert format_seconds(instant) == "2026-03-04T05:06:07Z"
    assert format_nanoseconds(instant).startswith(format_timestamp(instant).removesuffix("Z"))

"""The clock that all sections use to schedule later changes."""

import threading
from datetime import timedelta

import pytest

from simulator.clock import Clock, format_timestamp


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


def test_instants_are_written_in_milliseconds(clock: Clock) -> None:
    now = clock.now().replace(microsecond=7_000)
    assert format_timestamp(now).endswith(".007Z")

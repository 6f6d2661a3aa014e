"""Pauses between attempts, and the deadline that bounds them."""

import time
from collections.abc import Callable
from contextvars import copy_context

import pytest

from hms.http import backoff, deadline
from hms.http.backoff import RetryPolicy


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses, which take no time."""
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    return pauses


@pytest.mark.parametrize(("pick", "expected"), [(min, [0, 0, 0]), (max, [0.2, 0.4, 0.8])])
def test_the_longest_pause_doubles_and_the_shortest_is_zero(
    monkeypatch: pytest.MonkeyPatch,
    slept: list[float],
    pick: Callable[[tuple[float, float]], float],
    expected: list[float],
) -> None:
    monkeypatch.setattr(backoff._random, "uniform", lambda *bounds: pick(bounds))
    assert all(RetryPolicy(4, 0.2).wait(attempts) for attempts in (1, 2, 3))
    assert slept == pytest.approx(expected)


def test_there_is_no_pause_after_the_last_attempt(slept: list[float]) -> None:
    assert not RetryPolicy(3, 0.2).wait(3)
    assert slept == []


@pytest.mark.parametrize(
    ("attempt_seconds", "pause", "is_attempted"), [(0, 0.99, True), (0, 1, False), (0.5, 0.49, True), (0.5, 0.5, False)]
)
def test_a_pause_leaves_time_for_another_attempt(
    monkeypatch: pytest.MonkeyPatch, slept: list[float], attempt_seconds: float, pause: float, is_attempted: bool
) -> None:
    monkeypatch.setattr(deadline, "remaining_seconds", lambda: 1.0)
    policy = RetryPolicy(3, 0, attempt_seconds) if attempt_seconds else RetryPolicy(3, 0)
    assert policy.wait(1, at_least=pause) is is_attempted
    assert slept == [pause] * is_attempted


def test_a_retry_after_is_a_minimum(monkeypatch: pytest.MonkeyPatch, slept: list[float]) -> None:
    monkeypatch.setattr(backoff._random, "uniform", lambda low, high: high)
    assert RetryPolicy(3, 2).wait(1, at_least=1)
    assert slept == [2]


def test_the_deadline_is_half_a_second_before_the_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "monotonic", lambda: 1_000.0)
    deadline.start(10_000)
    assert deadline.remaining_seconds() == 9.5
    with deadline.reserve(2):
        assert deadline.remaining_seconds() == 7.5
    assert deadline.remaining_seconds() == 9.5


def test_outside_an_invocation_25_seconds_remain() -> None:
    def remaining_seconds() -> float:
        deadline._deadline.set(None)
        with deadline.reserve(2):
            return deadline.remaining_seconds()

    assert copy_context().run(remaining_seconds) == 25

"""The service forwards requests of public clients as they are, and responds as 100ms does."""

import time
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

import pytest
import requests

from tests.clients.cases import Answer, Case, Json, cases, check, check_received, populate, prepare, send
from tests.integration.stack import Stack, started_stack

PAGE = "http://localhost:5173"
WARM_UP_SECONDS = 10


class Exchange(NamedTuple):
    """A request that was sent, its response, and the request that 100ms received."""

    case: Case
    answer: Answer
    received: list[Json]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack with the default validation, and CORS for one origin."""
    log = tmp_path_factory.mktemp("clients") / "stderr"
    with started_stack(log, PARAMETERS=f"CorsOrigins={PAGE}") as running:
        yield running


@pytest.fixture(scope="module")
def exchanged(running: Stack) -> Callable[[Case], Exchange]:
    """Return the results of the cases. Each is sent once to a 100ms after a reset."""

    @cache
    def exchange(name: str) -> Exchange:
        filled = of_one_room(next(case for case in cases() if case.name == name), running)
        answer = send(filled, running.api, running.token)
        return Exchange(filled, answer, received(running))

    return lambda case: exchange(case.name)


def answered() -> Iterator[object]:
    """The cases. A case fails as expected if the simulator's response is not correct yet."""
    for case in cases():
        waits = None if "service" in case.line else case.waits_for_100ms
        yield pytest.param(case, id=case.name, marks=[pytest.mark.xfail(reason=waits, strict=True)] if waits else [])


def of_one_room(case: Case, stack: Stack) -> Case:
    requests.post(f"{stack.simulator}/_simulator/reset", timeout=10).raise_for_status()
    filled = case.filled(populate(stack.simulator, stack.token))
    prepare(filled, stack.simulator, stack.token)
    return filled


def received(stack: Stack) -> list[Json]:
    logged: list[Json] = requests.get(f"{stack.simulator}/_simulator/requests", timeout=10).json()["requests"]
    return logged


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_100ms_gets_what_the_client_wrote(exchanged: Callable[[Case], Exchange], case: Case) -> None:
    exchange = exchanged(case)
    check_received(exchange.case, exchange.received)


@pytest.mark.parametrize("case", answered())
def test_the_service_answers_as_100ms_does(exchanged: Callable[[Case], Exchange], case: Case) -> None:
    exchange = exchanged(case)
    check(exchange.answer, exchange.case.answer_of_service)


@pytest.mark.parametrize("case", [case for case in cases() if "warns" in case.line], ids=lambda case: case.name)
def test_the_client_is_warned(running: Stack, case: Case) -> None:
    """A function that has not loaded its models responds without warnings and loads them in the background."""
    filled = of_one_room(case, running)
    deadline = time.monotonic() + WARM_UP_SECONDS
    while "x-hms-warnings" not in (answer := send(filled, running.api, running.token)).headers:
        assert time.monotonic() < deadline, answer
        time.sleep(0.2)
    count, *warnings = answer.headers["x-hms-warnings"].split("; ")
    paths = [warning.partition("=")[0] for warning in ", ".join(warnings).split(", ")]
    assert int(count) == len(paths)
    assert set(case.line["warns"]) <= set(paths)

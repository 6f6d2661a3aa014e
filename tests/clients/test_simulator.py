"""The simulator responds to requests of public clients as 100ms does."""

from collections.abc import Iterator

import pytest
import requests

from simulator.server import Simulator
from tests.clients.cases import Case, cases, check, populate, prepare, send
from tests.integration.simulator.client import ACCESS_KEY, SECRET, sign


def meant_for_100ms() -> Iterator[object]:
    for case in cases():
        if case.answer_of_100ms is not None:
            waits = case.waits_for_100ms
            yield pytest.param(
                case, id=case.name, marks=[pytest.mark.xfail(reason=waits, strict=True)] if waits else []
            )


@pytest.fixture(scope="module")
def running() -> Iterator[str]:
    simulator = Simulator("127.0.0.1", 0, ACCESS_KEY, SECRET)
    simulator.start()
    yield simulator.url
    simulator.stop()


@pytest.fixture
def simulator(running: str) -> str:
    requests.post(f"{running}/_simulator/reset", timeout=10).raise_for_status()
    return running


@pytest.mark.parametrize("case", meant_for_100ms())
def test_the_simulator_answers_as_100ms_does(simulator: str, case: Case) -> None:
    token = sign()
    filled = case.filled(populate(simulator, token))
    prepare(filled, simulator, token)
    answer = send(filled, simulator, token)
    assert filled.answer_of_100ms
    check(answer, filled.answer_of_100ms)

"""The handlers respond to every sample event as events/expected.yaml defines."""

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.support.functions import load
from tests.support.lambda_context import Context
from tests.support.local_backends import REGION, LocalBackends, running_local_backends
from tests.support.samples import expectations, name_of, prepared, samples


@pytest.fixture(scope="module")
def local_backends() -> Iterator[LocalBackends]:
    with running_local_backends() as running, pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("AWS_", "HMS_", "POWERTOOLS_"))]:
            patch.delenv(name)
        variables = {
            "AWS_ENDPOINT_URL": running.aws,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "HMS_API_URL": f"{running.simulator.url}/v2",
            "HMS_AUTH_URL": f"{running.simulator.url}/v2",
            "HMS_EVENT_BUS": "EventBus",
            "HMS_IDEMPOTENCY_TABLE": "IdempotencyTable",
            "HMS_ATTENDANCE_TABLE": "AttendanceTable",
        }
        for name, value in variables.items():
            patch.setenv(name, value)
        function.cache_clear()
        yield running


@cache
def function(folder: str) -> ModuleType:
    return load(folder)


def answer(file: Path, local_backends: LocalBackends) -> Any:
    milliseconds = 120_000 if file.parent.name == "commands" else 29_000
    return function(file.parent.name).handler(prepared(file, local_backends.simulator), Context(milliseconds))


def test_each_sample_has_one_expectation_and_each_expectation_a_sample() -> None:
    assert expectations().keys() == {name_of(file) for file in samples()}


@pytest.mark.parametrize("file", samples(), ids=name_of)
def test_a_sample_event_is_answered_as_expected(local_backends: LocalBackends, file: Path) -> None:
    if file.parent.name == "attendance":
        (kept,) = (sample for sample in samples() if sample.parent.name == "attendance_keeper")
        assert answer(kept, local_backends) == {"batchItemFailures": []}
    assert expectations()[name_of(file)].problems(answer(file, local_backends)) == []

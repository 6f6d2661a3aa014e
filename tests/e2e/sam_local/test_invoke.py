"""`sam local invoke` with every file in events/."""

import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.sam_local.sam import Sam
from tests.http_api import functions
from tests.support.local_backends import LocalBackends
from tests.support.samples import expectations, name_of, prepared, samples

AT_ONCE = 2 * (os.cpu_count() or 1)
"""Number of parallel containers. Their start mostly waits for Docker."""
KEEPER = "attendance_keeper/sqs_batch"

FUNCTIONS = {Path(function["CodeUri"]).name: name for name, function in functions().items()}


@pytest.fixture(scope="module")
def answers(sam: Sam, local_backends: LocalBackends) -> dict[str, Any]:
    """The response of every function to its samples. Attendance is stored before it is read."""
    events = {name_of(file): prepared(file, local_backends.simulator) for file in samples()}

    def invoke(name: str) -> tuple[str, Any]:
        return name, sam.invoke(function_of(name), events[name])

    kept = invoke(KEEPER)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict([kept, *pool.map(invoke, events.keys() - {KEEPER})])


def function_of(name: str) -> str:
    """Return the logical ID of the function for an event."""
    return FUNCTIONS[name.partition("/")[0]]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("file", samples(), ids=name_of)
def test_a_sample_event_is_answered_as_expected(answers: dict[str, Any], file: Path) -> None:
    assert expectations()[name_of(file)].problems(answers[name_of(file)]) == []


def test_all_of_them_are(answers: dict[str, Any], record_property: Callable[[str, object], None]) -> None:
    fine = [name for name, answer in answers.items() if not expectations()[name].problems(answer)]
    record_property("summary", f"{len(fine)}/{len(samples())} events as expected")
    assert len(fine) == len(samples())


def test_each_webhook_of_the_samples_came_on_the_bus_once(
    answers: dict[str, Any], local_backends: LocalBackends
) -> None:
    sent = {json.loads(answers[name_of(file)]["body"])["id"] for file in samples() if file.parent.name == "webhooks"}
    came = [event["detail"]["id"] for event in local_backends.events() if event["source"] == "100ms"]
    assert sent
    assert sorted(came) == sorted(sent)


def test_each_command_of_the_samples_published_its_success(
    answers: dict[str, Any], local_backends: LocalBackends
) -> None:
    assert answers
    outcomes = [
        (event["detail-type"], event["detail"]) for event in local_backends.events() if event["source"] == "hms"
    ]
    assert {kind for kind, _ in outcomes} == {"command.succeeded"}
    assert len(outcomes) == 9
    rooms = local_backends.simulator.get_json("/v2/rooms", name="town-hall")["data"]
    assert [room["name"] for room in rooms] == ["town-hall"]

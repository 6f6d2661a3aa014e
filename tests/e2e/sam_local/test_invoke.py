"""Every file in events/ in Lambda's containers, kept warm, and one a function by `sam local invoke`."""

import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from tests.e2e.sam_local.sam import Sam
from tests.http_api import functions
from tests.support.backstage import Backstage
from tests.support.samples import expectations, name_of, prepared, samples

AT_ONCE = os.cpu_count() or 1
KEEPER = "attendance_keeper/sqs_batch"

FUNCTIONS = {Path(it["CodeUri"]).name: name for name, it in functions().items()}


@pytest.fixture(scope="module")
def events(backstage: Backstage) -> dict[str, Any]:
    """The samples by name, each about things of its own."""
    return {name_of(file): prepared(file, backstage.simulator) for file in samples()}


@pytest.fixture(scope="module")
def answers(sam: Sam, events: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the functions answer, each in one warm container; attendance is kept before it is asked for."""
    folders = groupby(events, key=lambda name: name.partition("/")[0])
    first, *rest = sorted(([*names] for _, names in folders), key=lambda names: KEEPER not in names)
    patient = Config(region_name="us-east-1", read_timeout=120, retries={"total_max_attempts": 1}, proxies={})
    with sam.serving("start-lambda", tmp_path_factory.mktemp("sam") / "log") as url:
        client = boto3.client("lambda", endpoint_url=url, config=patient)

        def invoke(names: list[str]) -> dict[str, Any]:
            return {name: payload(client, function_of(name), events[name]) for name in names}

        answered = invoke(first)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for each in pool.map(invoke, rest):
                answered |= each
    return answered


def payload(client: Any, function: str, event: object) -> Any:
    """The function's answer to an event."""
    answer = client.invoke(FunctionName=function, Payload=json.dumps(event).encode())
    return json.loads(answer["Payload"].read())


def function_of(name: str) -> str:
    """The logical id of the function that an event is for."""
    return FUNCTIONS[name.partition("/")[0]]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("file", samples(), ids=name_of)
def test_a_sample_event_is_answered_as_expected(answers: dict[str, Any], file: Path) -> None:
    assert expectations()[name_of(file)].problems(answers[name_of(file)]) == []


def test_all_of_them_are(answers: dict[str, Any], record_property: Callable[[str, object], None]) -> None:
    fine = [name for name, answer in answers.items() if not expectations()[name].problems(answer)]
    record_property("summary", f"{len(fine)}/{len(samples())} events as expected")
    assert len(fine) == len(samples())


def test_each_webhook_of_the_samples_came_on_the_bus_once(answers: dict[str, Any], backstage: Backstage) -> None:
    sent = {json.loads(answers[name_of(file)]["body"])["id"] for file in samples() if file.parent.name == "webhooks"}
    came = [event["detail"]["id"] for event in backstage.events() if event["source"] == "100ms"]
    assert sent
    assert sorted(came) == sorted(sent)


def test_each_command_of_the_samples_told_the_bus_that_it_succeeded(
    answers: dict[str, Any], backstage: Backstage
) -> None:
    assert answers
    outcomes = [(event["detail-type"], event["detail"]) for event in backstage.events() if event["source"] == "hms"]
    assert {kind for kind, _ in outcomes} == {"command.succeeded"}
    assert len(outcomes) == 9
    rooms = backstage.simulator.shown("/v2/rooms", name="town-hall")["data"]
    assert [room["name"] for room in rooms] == ["town-hall"]


@pytest.fixture(scope="module")
def invoked(sam: Sam, backstage: Backstage, answers: dict[str, Any]) -> dict[str, list[str]]:
    """What is not as expected of the command's answer to one sample of each function, by function."""
    assert answers
    files = {name: [file for file in samples() if function_of(name_of(file)) == name] for name in functions()}
    chosen = {function: each[0] for function, each in files.items()}
    events = {function: prepared(file, backstage.simulator) for function, file in chosen.items()}

    def invoke(function: str) -> list[str]:
        return expectations()[name_of(chosen[function])].problems(sam.invoke(function, events[function]))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(zip(chosen, pool.map(invoke, chosen), strict=True))


@pytest.mark.timeout(300)
@pytest.mark.parametrize("function", functions())
def test_sam_local_invoke_answers_a_sample_of_each_function_as_expected(
    invoked: dict[str, list[str]], function: str
) -> None:
    assert invoked[function] == []

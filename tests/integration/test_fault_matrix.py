"""Every operation under every fault: the matrix of docs/reliability.md."""

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from hms.tokens import sign_app_token
from tests.http_api import ROOT
from tests.integration.stack import Stack
from tests.support.aws import functions_environment
from tests.support.fault_worker import FaultedCall, problems, put, running_workers
from tests.support.faults import FAULTS, HURRIED, Fault, Kind, Outcome
from tests.support.samples import name_of, samples

pytestmark = pytest.mark.storm

NO_UPSTREAM = {"attendance", "attendance_keeper", "commands", "docs", "oidc_tokens", "tokens", "webhooks"}
KINDS = {
    "sip/send_sip_dtmf": Kind.OWN_TOKEN,
    "templates/get_room_layouts": Kind.OWN_TOKEN_GET,
    "room_codes/exchange_room_code_for_token": Kind.EXCHANGE,
}
RELIABILITY = ROOT / "docs" / "reliability.md"
MATRIX = re.compile(r"<!-- the fault matrix -->\n(.*?)<!-- its end -->", re.DOTALL)
WORKERS = 24
"""Number of parallel workers. They mostly wait."""

Cell = tuple[Fault, Kind]


@pytest.fixture(scope="module")
def workers(running_stack: Stack) -> Iterator[ProcessPoolExecutor]:
    with functions_environment(running_stack) as patch:
        patch.setenv("POWERTOOLS_LOG_LEVEL", "CRITICAL")
        patch.setenv("POWERTOOLS_METRICS_DISABLED", "true")
        with running_workers(WORKERS, os.environ) as pool:
            yield pool


def operations() -> list[Path]:
    """Return the sample events of all operations that call 100ms."""
    return [file for file in samples() if file.parent.name not in NO_UPSTREAM]


def kind_of(file: Path, event: dict[str, Any]) -> Kind:
    return KINDS.get(name_of(file), Kind.GET if event["requestContext"]["http"]["method"] == "GET" else Kind.WRITE)


def event_of(file: Path, stack: Stack) -> dict[str, Any]:
    text = file.read_text().replace("MANAGEMENT_TOKEN", stack.token)
    app_token = sign_app_token(stack.access_key, stack.secret, room_id="r", role="host", user_id="u")
    event: dict[str, Any] = json.loads(text.replace("APP_TOKEN", app_token))
    return event


def matrix(seen: dict[Cell, set[Outcome]], sizes: Counter[Kind]) -> str:
    """Return the table, with one cell for all operations of a kind."""
    lines = [
        "| fault | " + " | ".join(f"{kind} ({sizes[kind]})" for kind in Kind) + " |",
        "|---" * (1 + len(Kind)) + "|",
    ]
    for fault in FAULTS:
        cells = (", ".join(sorted(map(str, seen[fault, kind]))) for kind in Kind)
        lines.append(f"| {fault.name} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


@pytest.mark.timeout(300)
def test_every_operation_fares_under_every_fault_as_the_matrix_says(
    running_stack: Stack, workers: ProcessPoolExecutor, record_property: Any
) -> None:
    events = {file: event_of(file, running_stack) for file in operations()}
    kinds = {file: kind_of(file, event) for file, event in events.items()}
    futures: dict[tuple[Path, Fault], Future[FaultedCall]] = {
        (file, fault): workers.submit(put, file.parent.name, event, fault.name)
        for fault in FAULTS
        for file, event in events.items()
    }
    seen: dict[Cell, set[Outcome]] = {(fault, kind): set() for fault in FAULTS for kind in Kind}
    wrong = []
    for (file, fault), future in futures.items():
        result = future.result()
        outcome = Outcome(result.answer["statusCode"], result.requests)
        seen[fault, kinds[file]].add(outcome)
        found = problems(fault, result)
        if outcome != fault.outcome(kinds[file]):
            found.append(f"{outcome} instead of {fault.outcome(kinds[file])}")
        wrong += [f"{fault.name}: {name_of(file)}: {item}" for item in found]
    table = matrix(seen, Counter(kinds.values()))
    record_property("summary", f"{len(futures)} cells of the fault matrix\n{table}")
    assert wrong == []
    written = MATRIX.search(RELIABILITY.read_text())
    assert written
    assert written[1].strip() == table.strip()


STALLS = ["accepted and never answered", "headers a byte at a time", "body a byte at a time"]
TRIES = ["503", "429", "429, retry-after past the deadline", "closed within the body", "connection refused"]


@pytest.mark.timeout(120)
def test_with_29_10_or_3_seconds_left_the_function_responds_in_time(
    running_stack: Stack, workers: ProcessPoolExecutor, record_property: Any
) -> None:
    names = ["rooms/list_rooms", "rooms/create_room", "room_codes/exchange_room_code_for_token"]
    events = {file: event_of(file, running_stack) for file in samples() if name_of(file) in names}
    assert len(events) == len(names)
    asked = [(file, name, seconds) for seconds in (29, 10, 3) for name in STALLS + TRIES for file in events]
    futures = [
        workers.submit(put, file.parent.name, events[file], name, seconds * 1000) for file, name, seconds in asked
    ]
    spare: dict[int, list[float]] = {29: [], 10: [], 3: []}
    wrong = []
    for (file, name, seconds), future in zip(asked, futures, strict=True):
        result = future.result()
        fault = next(fault for fault in FAULTS if fault.name == name)
        wrong += [
            f"{seconds} s, {name}: {name_of(file)}: {problem}" for problem in problems(fault, result, seconds * 1000)
        ]
        if name in STALLS:
            spare[seconds].append(seconds - result.seconds)
            if result.answer["statusCode"] != 504 or result.requests != 1:
                wrong.append(f"{seconds} s, {name}: {name_of(file)}: {result.answer['statusCode']} · {result.requests}")
    assert wrong == []
    summary = ", ".join(f"{min(value):.2f} s of {seconds} s" for seconds, value in spare.items())
    record_property("summary", f"minimum remaining time when 100ms does not respond: {summary}")
    assert min(min(value) for value in spare.values()) > 0.2


@pytest.mark.timeout(60)
def test_with_no_time_left_nothing_is_sent(running_stack: Stack, workers: ProcessPoolExecutor) -> None:
    events = {file: event_of(file, running_stack) for file in operations()}
    futures = {
        file: workers.submit(put, file.parent.name, event, "gzip", HURRIED // 4) for file, event in events.items()
    }
    found = {
        name_of(file): (future.result().answer["statusCode"], future.result().requests)
        for file, future in futures.items()
    }
    assert {name: value for name, value in found.items() if value not in ((504, 0), (503, 0))} == {}

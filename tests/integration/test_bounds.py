"""Memory and response size stay bounded for any input of 1 MB: HTTP bodies, messages and direct commands."""

import json
import os
from collections.abc import Callable, Iterator
from itertools import islice, product
from pathlib import Path
from string import ascii_letters
from typing import Any

import pytest

from hms.strict_json import MAX_BYTES
from hms.tokens import sign_app_token
from local.stack import WEBHOOK_SECRET
from tests.integration.stack import Stack
from tests.support.aws import functions_environment
from tests.support.commands import batch
from tests.support.functions import http_event
from tests.support.workers import Worker

pytestmark = pytest.mark.storm

MEBIBYTE = MAX_BYTES
QUEUE_BYTES = 660_000
MAX_RESIDENT_KB = 200 * 1024
MAX_ANSWER_BYTES = 16 * 1024

Fill = Callable[[int], str]


def filled(before: str, item: str, after: str) -> Fill:
    """Return JSON of about `size` bytes that repeats one item."""
    return lambda size: before + ",".join([item] * ((size - len(before) - len(after)) // (len(item) + 1))) + after


def named(before: str, value: str, after: str, stem: str = "") -> Fill:
    """Return one object with as many different members as fit."""

    def fill(size: int) -> str:
        letters = ("".join(letters) for letters in product(ascii_letters, repeat=4))
        count = (size - len(before) - len(after)) // (len(stem) + len(value) + 8)
        return before + ",".join(f'"{stem}{next(letters)}":{value}' for _ in range(count)) + after

    return fill


def case_by_case(name: str) -> Fill:
    """Return spellings of a known name with different case and underscores."""

    def fill(size: int) -> str:
        spellings = ("_".join(letters) for letters in product(*((letter, letter.upper()) for letter in name)))
        count = (size - 2) // (2 * len(name) + 4)
        return "{" + ",".join(f'"{spelling}":1' for spelling in islice(spellings, count)) + "}"

    return fill


def long(before: str, letter: str, after: str) -> Fill:
    return lambda size: before + letter * ((size - len(before) - len(after)) // len(letter.encode())) + after


HOSTILE: dict[str, tuple[str, str, Fill]] = {
    "digits that are numbers": ("sip", "/sip/dtmf", filled('{"digits":[', "0", "]}")),
    "SIP headers of a wrong type": ("sip", "/sip/outbound/call", named('{"headers":{', "0", "}}")),
    "SIP headers of a wrong name": ("sip", "/sip/outbound/call", named('{"headers":{', '""', "}}", stem=" ")),
    "questions that are numbers": ("polls", "/polls", filled('{"questions":[', "0", "]}")),
    "questions that are empty": ("polls", "/polls", filled('{"questions":[', "{}", "]}")),
    "questions with empty options": ("polls", "/polls", filled('{"questions":[', '{"options":[{},{},{}]}', "]}")),
    "options that are numbers": ("polls", "/polls", filled('{"questions":[', '{"options":[0,0]}', "]}")),
    "answers that are texts": ("polls", "/polls", filled('{"questions":[{"answer":{"options":[', '""', "]}}]}")),
    "attachments of a wrong type": ("polls", "/polls", filled('{"questions":[{"attachment":[', "0", "]}]}")),
    "questions with unknown names": ("polls", "/polls", filled('{"questions":[', '{"indx":1}', "]}")),
    "lists": ("polls", "/polls", filled('{"x":[', "[]", "]}")),
    "objects": ("polls", "/polls", filled('{"x":[', "{}", "]}")),
    "objects of one member": ("polls", "/polls", filled('{"x":[', '{"":0}', "]}")),
    "fractions": ("polls", "/polls", filled('{"x":[', "0.1", "]}")),
    "huge numbers": ("polls", "/polls", filled('{"x":[', "9" * 4300, "]}")),
    "one number of a megabyte": ("polls", "/polls", long('{"duration":', "9", "}")),
    "one fraction of a megabyte": ("polls", "/polls", long('{"duration":0.', "9", "}")),
    "one exponent of a megabyte": ("polls", "/polls", long('{"duration":1e', "9", "}")),
    "brackets": ("polls", "/polls", long('{"x":', "[", "")),
    "objects within objects": ("polls", "/polls", lambda size: '{"x":' * (size // 6 - 1) + "1" + "}" * (size // 6 - 1)),
    "unknown names": ("rooms", "/rooms", named("{", "0", "}")),
    "unknown names that look known": ("rooms", "/rooms", case_by_case("maxdurationseconds")),
    "a long unknown name": ("rooms", "/rooms", long('{"namE', "\\u00e9", '":1}')),
    "a long name": ("rooms", "/rooms", long('{"name":"', "/", '"}')),
    "a long text": ("rooms", "/rooms", long('{"name":7,"description":"', "\U0001f600", '"}')),
    "escaped surrogates": ("rooms", "/rooms", filled('{"x":["', "\\ud83d", '"]}')),
    "pairs of surrogates": ("rooms", "/rooms", filled('{"name":7,"x":["', "\\ud83d\\ude00", '"]}')),
    "linked polls that are numbers": ("rooms", "/rooms", filled('{"polls":[', "0", "]}")),
    "headers of a webhook": ("rooms", "/rooms", named('{"webhook":{"url":"u","headers":{', "0", "}}}")),
    "names of a long wrong one": (
        "rooms",
        "/rooms",
        lambda size: json.dumps({"webhook": {"url": "u", "headers": {"\U0001f600" * (size // 12 - 9): 1}}}),
    ),
    "roles that are numbers": ("templates", "/templates", named('{"roles":{', "0", "}}")),
    "roles that are empty": ("templates", "/templates", named('{"roles":{', "{}", "}}")),
    "roles that are wrong": ("templates", "/templates", named('{"roles":{', '{"name":0,"priority":""}', "}}")),
    "destinations that are empty": (
        "templates",
        "/templates",
        named('{"destinations":{"browserRecordings":{', "{}", "}}}"),
    ),
    "a token's members": ("tokens", "/token", named("{", "0", "}")),
}
ARGUMENTS: dict[str, tuple[str, str, Fill]] = {
    "arguments of a read": ("rooms.list", "", named("{", "0", "}")),
    "arguments of a write": ("rooms.update", "", named("{", "0", "}")),
    "one argument of a list": ("rooms.list", "", filled('{"name":[', "0", "]}")),
    "one long argument": ("rooms.list", "", long('{"name":"', "a", '"}')),
    "one long segment": ("rooms.retrieve", "", long('{"room_id":"', "a", '"}')),
    "arguments of a list of objects": ("rooms.list", "", filled('{"name":[', "{}", "]}")),
}


@pytest.fixture(scope="module")
def workers(running_stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Worker]]:
    """A process for each function, started when it is first needed."""
    log, started = tmp_path_factory.mktemp("workers") / "log", dict[str, Worker]()
    with functions_environment(running_stack) as patch:
        patch.setenv("HMS_IDEMPOTENCY_TABLE", "IdempotencyTable")
        patch.setenv("HMS_EVENT_BUS", "EventBus")
        environment = dict(os.environ)

        def worker(folder: str) -> Worker:
            if folder not in started:
                started[folder] = Worker(folder, environment, log=log)
            return started[folder]

        yield worker
    for value in started.values():
        value.end()


def peak_kb(worker: Worker) -> int:
    """Return the peak resident memory of the process."""
    status = Path(f"/proc/{worker.process.pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1])


@pytest.mark.parametrize("name", HOSTILE)
def test_a_megabyte_of_body_costs_little_and_is_answered_in_a_few_lines(
    stack: Stack, workers: Callable[[str], Worker], name: str
) -> None:
    folder, path, fill = HOSTILE[name]
    body = fill(MEBIBYTE)
    assert 0.9 * MEBIBYTE < len(body.encode()) <= MEBIBYTE
    token = stack.token
    if path == "/sip/dtmf":
        token = sign_app_token(stack.access_key, stack.secret, room_id="r", role="host", user_id="u")
    answer = workers(folder)(http_event("POST", path, body=body, authorization=f"Bearer {token}"), 29_000)
    assert answer["statusCode"] in (200, 400, 413), answer["body"][:300]
    assert len(answer["body"].encode()) < MAX_ANSWER_BYTES or answer["statusCode"] == 200
    assert answer["statusCode"] == 200 or len(json.loads(answer["body"])["details"]) <= 20
    assert peak_kb(workers(folder)) < MAX_RESIDENT_KB


WEBHOOKS: dict[str, Fill] = {
    "numbers": filled('{"id":"i","type":"t","data":{"x":[', "0", "]}}"),
    "numbers over 64 bits": filled('{"id":"i","type":"t","data":{"x":[', "12345678901234567890", "]}}"),
    "not a number": filled('{"id":"i","type":"t","data":{"x":[', "NaN", "]}}"),
    "lists": filled('{"id":"i","type":"t","data":{"x":[', "[]", "]}}"),
    "objects of one member": filled('{"id":"i","type":"t","data":{"x":[', '{"":0}', "]}}"),
    "members": named('{"id":"i","type":"t","data":{', "0", "}}"),
    "escapes": long('{"id":"i","type":"t","data":{"x":"', "\\n", '\\u0041"}}'),
    "lone surrogates": long('{"id":"i","type":"t","data":{"x":"', "\\ud800", '"}}'),
    "quotes": long("", '"', ""),
}


def test_a_megabyte_of_a_webhook_costs_little(stack: Stack, workers: Callable[[str], Worker]) -> None:
    for name, fill in WEBHOOKS.items():
        event = http_event("POST", "/webhooks", body=fill(MEBIBYTE))
        event["headers"]["x-webhook-secret"] = WEBHOOK_SECRET
        answer = workers("webhooks")(event, 29_000)
        assert answer["statusCode"] in (200, 400, 413), name
        assert len(answer["body"].encode()) < MAX_ANSWER_BYTES, name
        assert peak_kb(workers("webhooks")) < MAX_RESIDENT_KB, name


def commands() -> Iterator[tuple[str, str]]:
    """Return a command with each hostile body and each hostile argument."""
    operations = {"/polls": "polls.create", "/rooms": "rooms.create", "/templates": "templates.create"}
    operations |= {"/sip/outbound/call": "sip.start_outbound_call"}
    for name, (_, path, fill) in HOSTILE.items():
        if path in operations:
            before = f'{{"operation":"{operations[path]}","arguments":{{"body":'
            yield name, before + fill(QUEUE_BYTES) + "}}"
    for name, (operation, _, fill) in ARGUMENTS.items():
        yield name, f'{{"operation":"{operation}","arguments":' + fill(QUEUE_BYTES) + "}"
    yield "no command", filled("[", "0", "]")(QUEUE_BYTES)
    yield "unknown members", named("{", "0", "}")(QUEUE_BYTES)


@pytest.mark.timeout(180)
def test_a_message_of_660_kb_costs_little_and_fails_at_once(
    running_stack: Stack, workers: Callable[[str], Worker]
) -> None:
    worker = workers("commands")
    for name, message in commands():
        event = batch(message, prefix=f"bounds {name}".replace(" ", "-"))
        answer = worker(event, 120_000)
        assert answer == {"batchItemFailures": []}, name
        assert peak_kb(worker) < MAX_RESIDENT_KB, name


@pytest.mark.storm
@pytest.mark.timeout(180)
def test_a_direct_command_of_660_kb_gets_a_short_response_at_low_cost(
    running_stack: Stack, workers: Callable[[str], Worker]
) -> None:
    worker = workers("commands")
    for name, message in commands():
        try:
            event = json.loads(message)
        except (ValueError, RecursionError):
            continue  # Lambda's runtime rejects it too
        answer: Any = worker(
            {"id": f"direct {name}".replace(" ", "-"), "detail-type": "command", "detail": event}, 120_000
        )
        assert answer["status"] in (200, 400, 413), name
        assert answer["status"] == 200 or len(json.dumps(answer).encode()) < 2 * MAX_ANSWER_BYTES, name
        assert peak_kb(worker) < MAX_RESIDENT_KB, name

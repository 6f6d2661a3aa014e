"""Many concurrent callers while 100ms fails for 1 in 20 requests: no response is mixed up, and nothing leaks."""

import json
import os
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests

from hms.tokens import sign_management_token
from hms_service.auth.client_keys import ClientKey
from tests.integration.stack import started_stack
from tests.support.aws import Aws, running_aws
from tests.support.client_keys import create_key
from tests.support.echo import STATS, running_echo
from tests.support.functions import http_event
from tests.support.load import FUNCTIONS, Caller, Request, requests_of
from tests.support.workers import Pool, Worker

pytestmark = [pytest.mark.storm, pytest.mark.timeout(400)]

REQUESTS = 20_000
CALLERS = 32
WORKERS = {"rooms": 3, "sessions": 2, "polls": 2, "room_codes": 2, "tokens": 1}
WARM = 0.2
"""Share of the requests after which a worker has filled its caches."""
KEY, SECRET = secrets.token_hex(12), secrets.token_hex(32)
READS = ["rooms:read", "sessions:read", "polls:read", "room-codes:read"]
Record = Callable[[str, object], None]


@pytest.fixture(scope="module")
def aws() -> Iterator[Aws]:
    with running_aws() as running:
        for name, value in {"access_key": KEY, "secret": SECRET}.items():
            running.put_secret(f"/hms/{name}", value)
        yield running


def callers_at(aws_url: str) -> list[Caller]:
    """Create client keys. Every fourth is read-only."""
    session = boto3.Session("testing", "testing", region_name="us-east-1")
    ssm = session.client("ssm", endpoint_url=aws_url)
    callers = []
    for number in range(CALLERS):
        may_write = number % 4 != 0
        access_key, secret = create_key(ssm, "/hms", f"caller-{number}", ["*"] if may_write else READS)
        logged_name = f"caller-{number} ({ClientKey.from_access_key(access_key).id})"
        callers.append(Caller(logged_name, sign_management_token(access_key, secret), may_write))
    return callers


def shares(callers: list[Caller], count: int) -> list[list[Request]]:
    per_caller = count // len(callers)
    return [requests_of(caller, range(at * per_caller, (at + 1) * per_caller)) for at, caller in enumerate(callers)]


def event_of(request: Request) -> dict[str, Any]:
    path, _, query = request.path.partition("?")
    body = None if request.body is None else json.dumps(request.body)
    event = http_event(request.method, path, query=query, body=body, authorization=f"Bearer {request.sent_token}")
    event["requestContext"]["requestId"] = request.nonce
    return event


def held_by(process_id: int) -> dict[str, int]:
    """Return a process's open files and connections, threads, and memory in kB."""
    status = dict(line.split(":", 1) for line in Path(f"/proc/{process_id}/status").read_text().splitlines())
    files = len(os.listdir(f"/proc/{process_id}/fd"))  # noqa: PTH208
    return {"files": files, "threads": int(status["Threads"]), "kilobytes": int(status["VmRSS"].split()[0])}


def test_in_a_pool_of_containers_no_response_is_mixed_up_and_nothing_leaks(
    aws: Aws, tmp_path: Path, record_property: Record
) -> None:
    with running_echo() as echo, ExitStack() as exits:
        variables = {**aws.environment, "HMS_API_URL": f"{echo}/v2", "HMS_AUTH_URL": f"{echo}/v2"}
        variables["POWERTOOLS_METRICS_DISABLED"] = "true"
        workers: dict[str, list[Worker]] = {name: [] for name in FUNCTIONS}
        for name, count in WORKERS.items():
            for number in range(count):
                worker = Worker(name, variables, log=tmp_path / f"{name}-{number}.log")
                exits.callback(worker.end)
                workers[name].append(worker)
        pools = {name: Pool(worker) for name, worker in workers.items()}

        def send(share: list[Request]) -> list[str]:
            problems = []
            for request in share:
                answer = pools[request.function](event_of(request))
                problem = request.problem(answer["statusCode"], answer["body"], SECRET)
                if answer["headers"]["x-request-id"] != request.nonce:
                    problem = f"the answer of {answer['headers']['x-request-id']} to {request.nonce}"
                problems += [problem] if problem else []
            return problems

        everyone = shares(callers_at(aws.url), REQUESTS)
        warm = [share[: int(len(share) * WARM)] for share in everyone]
        rest = [share[int(len(share) * WARM) :] for share in everyone]
        processes = [worker.process.pid or 0 for item in workers.values() for worker in item]
        started = time.monotonic()
        with ThreadPoolExecutor(CALLERS) as threads:
            problems = [problem for found in threads.map(send, warm) for problem in found]
            before = [held_by(process) for process in processes]
            problems += [problem for found in threads.map(send, rest) for problem in found]
            after = [held_by(process) for process in processes]
        seconds = time.monotonic() - started
        stats = requests.get(f"{echo}{STATS}", timeout=10).json()

    assert problems == []
    sent = [request for share in everyone for request in share]
    check_logs(sent, tmp_path)
    check_tries(sent, stats["tries"])
    check_nothing_leaked(before, after)
    grown = max(held["kilobytes"] - was["kilobytes"] for was, held in zip(before, after, strict=True))
    faulty = sum(bool(request.fault) for request in sent)
    record_property(
        "summary",
        f"load: {len(sent):,} requests of {CALLERS} callers, {faulty} faults, {len(sent) / seconds:.0f} per second, "
        f"{len(processes)} containers, {stats['connections']} connections to 100ms, memory growth at most {grown} kB",
    )


def test_in_the_local_stack_no_response_is_mixed_up_and_nothing_leaks(tmp_path: Path, record_property: Record) -> None:
    with (
        running_echo() as echo,
        started_stack(
            tmp_path / "stderr", UPSTREAM=f"{echo}/v2", HMS_AUTH_URL=f"{echo}/v2", PARAMETERS="Validation=reject"
        ) as stack,
    ):

        def send(share: list[Request]) -> list[str]:
            problems = []
            with requests.Session() as session:
                for request in share:
                    headers = {"authorization": f"Bearer {request.sent_token}"}
                    url = f"{stack.api}{request.path}"
                    answer = session.request(request.method, url, json=request.body, headers=headers, timeout=60)
                    problem = request.problem(answer.status_code, answer.text, stack.secret)
                    problems += [problem] if problem else []
            return problems

        everyone = shares(callers_at(stack.aws), REQUESTS)
        warm = [share[: int(len(share) * WARM)] for share in everyone]
        rest = [share[int(len(share) * WARM) :] for share in everyone]
        started = time.monotonic()
        with ThreadPoolExecutor(CALLERS) as threads:
            problems = [problem for found in threads.map(send, warm) for problem in found]
            before = {process: held_by(process) for process in containers_of(stack.process.pid)}
            problems += [problem for found in threads.map(send, rest) for problem in found]
            after = {process: held_by(process) for process in containers_of(stack.process.pid)}
        seconds = time.monotonic() - started
        stats = requests.get(f"{echo}{STATS}", timeout=10).json()
    assert problems == []
    sent = [request for share in everyone for request in share]
    check_tries(sent, stats["tries"])
    assert after.keys() == before.keys()
    assert len(after) == len(FUNCTIONS)
    check_nothing_leaked(list(before.values()), list(after.values()))
    record_property("summary", f"load: {len(sent):,} requests over HTTP, {len(sent) / seconds:.0f} per second")


def containers_of(stack: int) -> list[int]:
    """Return the processes in which the local stack runs functions."""
    files = Path(f"/proc/{stack}/task").glob("*/children")
    children = [int(child) for file in files for child in file.read_text().split()]
    return sorted(child for child in children if b"worker.py" in Path(f"/proc/{child}/cmdline").read_bytes())


def check_nothing_leaked(before: list[dict[str, int]], after: list[dict[str, int]]) -> None:
    for was, held in zip(before, after, strict=True):
        assert held["files"] <= was["files"] + 1
        assert held["threads"] <= was["threads"] + 1
        assert held["kilobytes"] <= was["kilobytes"] * 1.05 + 2_000


def check_logs(sent: list[Request], folder: Path) -> None:
    """Return the log lines of requests by caller."""
    lines = [json.loads(line) for file in folder.glob("*.log") for line in file.read_text().splitlines()]
    logged = {line["correlation_id"]: line for line in lines if line["message"] == "request"}
    assert len(logged) == len(sent)
    for request in sent:
        line = logged[request.nonce]
        assert (line["status"], line["method"]) == (request.expected(), request.method)
        is_known = request.expected() != 401 or request.fault
        assert line.get("caller") == (request.caller.name if is_known and not request.is_public else None), line


def check_tries(sent: list[Request], tries: Counter[str]) -> None:
    """A GET is retried if that can help. A request that may have had an effect is not, except after a 401."""
    for request in sent:
        expected = 1 if request.expected() in (200, 500, 502, 503) or request.fault == "401" else 0
        if request.expected() == 200 and request.fault:
            expected = 2
        if request.expected() in (400, 403) or request.status == 401:
            expected = 0
        assert tries.get(request.nonce, 0) == expected, request

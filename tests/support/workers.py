"""Runs functions in separate processes with one invocation at a time per process, as Lambda does."""

import multiprocessing
import os
import random
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from types import SimpleNamespace
from typing import Any

from tests.support.functions import load
from tests.support.lambda_context import Context

Answer = dict[str, Any]
FAULTS_IN_A_ROW = 3


class Worker:
    """A process that runs a function.

    Args:
        folder: folder of the function.
        environment: complete environment of the process.
        failing: share of EventBridge calls that fail, at random, mostly several in a row.
        log: file for the logs (default: this process's standard output).
    """

    def __init__(
        self, folder: str, environment: Mapping[str, str], failing: float = 0, log: Path | None = None
    ) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._connection, theirs = spawn.Pipe()
        arguments = (theirs, folder, dict(environment), failing, log)
        self.process = spawn.Process(target=_serve, args=arguments, daemon=True)
        self.process.start()
        theirs.close()

    def __call__(self, event: Any, milliseconds: int = 8_000) -> Answer:
        """Return the function's response. Raises EOFError if the process exits first."""
        self._connection.send((event, milliseconds))
        answer: Answer = self._connection.recv()
        return answer

    def end(self) -> None:
        """Kill the process."""
        self.process.kill()
        self.process.join()


class Pool:
    """A pool of workers for concurrent callers. A caller without an idle worker waits."""

    def __init__(self, workers: list[Worker]) -> None:
        self._idle: SimpleQueue[Worker] = SimpleQueue()
        for worker in workers:
            self._idle.put(worker)

    def __call__(self, event: Any) -> Answer:
        worker = self._idle.get()
        try:
            return worker(event)
        finally:
            self._idle.put(worker)


@contextmanager
def running_pool(size: int, folder: str, environment: Mapping[str, str], failing: float = 0) -> Iterator[Pool]:
    """Run a number of workers while the context is open."""
    with ExitStack() as exits:
        workers = [Worker(folder, environment, failing) for _ in range(size)]
        for worker in workers:
            exits.callback(worker.end)
        yield Pool(workers)


def _serve(connection: Connection, folder: str, environment: dict[str, str], failing: float, log: Path | None) -> None:
    if log:
        sys.stdout = log.open("w", buffering=1)
    os.environ.clear()
    os.environ.update(environment)
    if failing:
        _break_put_events(failing)
    handler = load(folder).handler
    while True:
        event, milliseconds = connection.recv()
        connection.send(handler(event, Context(milliseconds)))


def _break_put_events(failing: float) -> None:
    """Make EventBridge calls fail before they are sent: refused, partly failed, or with a broken connection."""
    import boto3
    from botocore.awsrequest import AWSPreparedRequest, AWSResponse, HeadersDict
    from botocore.exceptions import ConnectionClosedError

    left = 0

    def fail(request: AWSPreparedRequest, **_: object) -> Any:
        nonlocal left
        if not left and random.random() < failing / FAULTS_IN_A_ROW:
            left = FAULTS_IN_A_ROW
        if not left:
            return None
        left -= 1
        if left == 0:
            raise ConnectionClosedError(endpoint_url=request.url)
        if left == 1:
            return answered(200, b'{"FailedEntryCount": 1, "Entries": [{"ErrorCode": "InternalFailure"}]}')
        return answered(500, b'{"__type": "InternalException"}')

    def answered(status: int, body: bytes) -> AWSResponse:
        return AWSResponse("", status, HeadersDict(), SimpleNamespace(stream=lambda: [body]))  # type: ignore[arg-type]

    session = boto3.Session()
    session.events.register("before-send.eventbridge.PutEvents", fail)
    boto3.DEFAULT_SESSION = session

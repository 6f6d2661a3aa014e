"""A container of the commands function: a process that handles events until it is stopped or crashes."""

import multiprocessing
import os
from collections.abc import Mapping
from multiprocessing.connection import Connection
from typing import Any, cast

from tests.support.functions import load
from tests.support.lambda_context import Context

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["boto3", "hms_service.commands.runner", "tests.support.functions"])


def _serve(connection: "Connection[Any, Any]", environment: Mapping[str, str], milliseconds: int) -> None:
    os.environ.clear()
    os.environ.update(environment)
    commands = load("commands")
    while True:
        connection.send(commands.handler(connection.recv(), Context(milliseconds)))


class Worker:
    """Handles one event at a time. After a crash, a new process is started."""

    def __init__(self, milliseconds: int) -> None:
        self._milliseconds = milliseconds
        self._start()

    def _start(self) -> None:
        self._connection, theirs = FORKS.Pipe()
        self._process = FORKS.Process(target=_serve, args=(theirs, dict(os.environ), self._milliseconds), daemon=True)
        self._process.start()
        theirs.close()

    def handle(self, event: Any, dies_after: float | None = None) -> dict[str, Any]:
        """Return the response. Raises EOFError if the process exits first or after the timeout."""
        self._connection.send(event)
        if dies_after is not None and not self._connection.poll(dies_after):
            self.end()
            self._start()
            raise EOFError
        return cast(dict[str, Any], self._connection.recv())

    def end(self) -> None:
        self._process.kill()
        self._process.join()

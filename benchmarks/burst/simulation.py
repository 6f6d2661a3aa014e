"""Runs cold containers of the real `tokens` function in simulated time.

Each container is a thread that loads the function again, with separate caches and connections. One thread runs at a
time, until it pauses or responds. Then the time moves to the end of the earliest pause. The result depends neither on
the speed of the machine nor on chance.
"""

import math
import os
import random
import runpy
import threading
from base64 import b32encode
from collections.abc import Callable, Mapping
from contextlib import ExitStack, redirect_stdout
from dataclasses import dataclass
from heapq import heappop, heappush
from io import StringIO
from threading import Semaphore, Thread
from typing import Any
from unittest.mock import patch

import time_machine

from benchmarks.burst.ssm import Ssm
from benchmarks.candidates import ROOT, load_event
from benchmarks.measured_process import Context
from benchmarks.stub_server import MASTER, PREFIX
from hms.tokens import sign_management_token
from hms_service.auth.client_keys import derive_secret, encode_access_key

FUNCTION = str(ROOT / "functions" / "tokens" / "app.py")
STARTED_AT_ONCE, STARTED_PER_SECOND = 1_000, 100
"""Lambda starts 1,000 containers of a function at once, then 1,000 more in 10 seconds."""
STARTED_AT = 1_800_000_000
"""Unix time at which each simulation starts."""
ENVIRONMENT = {
    "AWS_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "benchmark",
    "AWS_SECRET_ACCESS_KEY": "benchmark",
    "HMS_PARAMETER_PREFIX": PREFIX,
}


@dataclass(frozen=True)
class Result:
    """Result of a burst.

    Attributes:
        containers: number of containers.
        rate: SSM's limit of calls per second.
        waits: times until the join tokens, in seconds, the shortest first.
        calls: number of calls to SSM.
        decrypts: number of decryptions by KMS.
    """

    containers: int
    rate: int
    waits: list[float]
    calls: int
    decrypts: int

    @property
    def failed(self) -> int:
        """Number of containers that returned no join token."""
        return self.containers - len(self.waits)

    @property
    def calls_each(self) -> float:
        """Mean number of calls to SSM per container."""
        return self.calls / self.containers

    def wait(self, percent: int) -> float:
        """Return a percentile of the waits, in seconds; NaN if there are none."""
        index = min(len(self.waits) * percent // 100, len(self.waits) - 1)
        return self.waits[index] if self.waits else math.nan


class Clock:
    """Simulated time: the wall clock and the monotonic clock."""

    def __init__(self, traveller: time_machine.Traveller) -> None:
        self._traveller = traveller
        self._seconds = 0.0

    def now(self) -> float:
        """Return the time since the start of the simulation."""
        return self._seconds

    def move_to(self, seconds: float) -> None:
        """Set the time since the start of the simulation."""
        self._seconds = seconds
        self._traveller.move_to(STARTED_AT + seconds)


class Container(Thread):
    """A cold container that handles one `POST /token`.

    Attributes:
        starts_at: time at which it starts and the request arrives.
        resumes_at: time at which it continues.
        status_code: status of the response; None before it.
    """

    def __init__(self, number: int, clock: Clock) -> None:
        super().__init__(daemon=True)
        self.starts_at = self.resumes_at = max(0, number + 1 - STARTED_AT_ONCE) / STARTED_PER_SECOND
        self.status_code: int | None = None
        self._number = number
        self._clock = clock
        self._resumed, self._stopped = Semaphore(0), Semaphore(0)

    def proceed(self) -> None:
        """Run the container until it pauses or responds."""
        if self.is_alive():
            self._resumed.release()
        else:
            self.start()
        self._stopped.acquire()

    def pause(self, seconds: float) -> None:
        """Stop until the simulation proceeds. The container calls it in place of `time.sleep`."""
        self.resumes_at = self._clock.now() + seconds
        self._stopped.release()
        self._resumed.acquire()

    def run(self) -> None:
        """Start the function and handle the request."""
        try:
            handler: Callable[..., Mapping[str, Any]] = runpy.run_path(FUNCTION)["handler"]
            self.status_code = handler(_make_event(self._number), Context())["statusCode"]
        finally:
            self._stopped.release()


def simulate(containers: int, rate: int, *, charge_refused: bool = False) -> Result:
    """Start containers as Lambda does, and return when all of them have responded.

    Args:
        containers: number of containers.
        rate: SSM's limit of calls per second.
        charge_refused: whether a refused call also uses up SSM's quota.
    """
    with ExitStack() as stack:
        clock = Clock(stack.enter_context(time_machine.travel(STARTED_AT, tick=False)))
        ssm = Ssm(rate, clock.now, charge_refused=charge_refused)
        environment = ENVIRONMENT | {"AWS_ENDPOINT_URL": stack.enter_context(ssm.running())}
        stack.enter_context(patch.dict(os.environ, environment, clear=True))
        stack.enter_context(patch("time.monotonic", clock.now))
        stack.enter_context(patch("time.sleep", lambda seconds: _current_container().pause(seconds)))
        stack.enter_context(patch("hms.ssm._random", random.Random(containers)))  # noqa: S311
        stack.enter_context(redirect_stdout(StringIO()))  # the log
        waits = _run([Container(number, clock) for number in range(containers)], clock)
        return Result(containers, rate, sorted(waits), ssm.calls, ssm.decrypts)


def _run(containers: list[Container], clock: Clock) -> list[float]:
    """Run the containers in the order of their pauses. Return the waits of those that returned a join token."""
    waits = []
    queue = [(container.resumes_at, number) for number, container in enumerate(containers)]
    while queue:
        seconds, number = heappop(queue)
        container = containers[number]
        clock.move_to(seconds)
        container.proceed()
        if container.status_code is None:
            heappush(queue, (container.resumes_at, number))
        elif container.status_code == 201:
            waits.append(seconds - container.starts_at)
    return waits


def _current_container() -> Container:
    container = threading.current_thread()
    assert isinstance(container, Container)  # noqa: S101
    return container


def _make_event(number: int) -> dict[str, Any]:
    """Return a `POST /token` event of another client for each number."""
    key_id = b32encode(number.to_bytes(5)).decode().lower()
    grant = {
        "id": key_id,
        "name": f"client-{number}",
        "scopes": ["tokens:write"],
        "iat": STARTED_AT,
        "exp": STARTED_AT + 60,
    }
    access_key = encode_access_key(MASTER, grant)
    event = load_event("tokens", "create_app_token")
    token = sign_management_token(access_key, derive_secret(MASTER, access_key))
    event["headers"]["authorization"] = f"Bearer {token}"
    return event

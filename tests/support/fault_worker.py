"""A process that invokes functions with sample events while 100ms has a fault."""

import json
import multiprocessing
import os
import socket
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

import trustme

from tests.support.faults import FAULTS, Fault, Place
from tests.support.functions import load
from tests.support.lambda_context import Context
from tests.support.servers import ScriptedServer, answer, serve

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["pydantic", "hms_service.http.router", "tests.support.functions", "tests.support.faults"])


@dataclass(frozen=True)
class FaultedCall:
    """The result of an event.

    Attributes:
        answer: the function's response.
        requests: number of requests that reached 100ms.
        seconds: duration of the invocation.
    """

    answer: dict[str, Any]
    requests: int
    seconds: float


def running_workers(count: int, environment: Mapping[str, str]) -> ProcessPoolExecutor:
    """Start a number of worker processes, each with a separate environment."""
    return ProcessPoolExecutor(count, mp_context=FORKS, initializer=_begin, initargs=(dict(environment),))


def put(folder: str, event: dict[str, Any], fault_name: str, milliseconds: int = 0) -> FaultedCall:
    """Invoke the function under the fault, with the given remaining time or that of the fault."""
    fault = next(fault for fault in FAULTS if fault.name == fault_name)
    upstream = _upstream(fault.place)
    upstream.script[:] = fault.steps() or [answer()]
    upstream.is_deaf = fault.is_deaf
    function = _function(folder, fault.place)
    before, started = upstream.asked, time.monotonic()
    answered = function.handler(event, Context(milliseconds or fault.milliseconds))
    seconds = time.monotonic() - started
    return FaultedCall(answered, upstream.asked - before, seconds)


def _begin(environment: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)


@cache
def _world() -> ExitStack:
    return ExitStack()


@cache
def _upstream(place: Place) -> ScriptedServer:
    return _world().enter_context(serve(authority=trustme.CA() if place is Place.UNTRUSTED else None))


@cache
def _port_without_listener() -> int:
    """A port that is bound but not listening, so that connections to it are refused."""
    taken = _world().enter_context(socket.socket())
    taken.bind(("127.0.0.1", 0))
    port: int = taken.getsockname()[1]
    return port


@cache
def _function(folder: str, place: Place) -> ModuleType:
    url = {Place.REFUSING: f"http://127.0.0.1:{_port_without_listener()}", Place.UNKNOWN: "http://api.invalid"}
    os.environ["HMS_API_URL"] = os.environ["HMS_AUTH_URL"] = f"{url.get(place) or _upstream(place).url}/v2"
    return load(folder)


def problems(fault: Fault, seen: FaultedCall, milliseconds: int = 0) -> list[str]:
    """Return how the response violates the rules for all responses."""
    found, status = [], seen.answer["statusCode"]
    if seen.seconds * 1000 >= (milliseconds or fault.milliseconds):
        found.append(f"took {seen.seconds:.1f} s")
    if not seen.answer["headers"].get("x-request-id"):
        found.append("no x-request-id")
    body = json.loads(seen.answer["body"]) if seen.answer.get("body") else {}
    if status >= 400:
        if body.keys() != {"code", "message", "details"}:
            found.append(f"not in the envelope: {body}")
        if body.get("message") != "it broke" and body.get("code") != status:
            found.append(f"code {body.get('code')} in an answer of {status}")
    elif body and body.get("ok") is not True:
        found.append(f"not what 100ms said: {body}")
    return found

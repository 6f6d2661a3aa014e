"""The speed of the simulator, compared with a bare handler on the same server, and its memory."""

import resource
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator

import pytest
import requests
from werkzeug.wrappers import Response

from simulator import request_log, server
from simulator.server import Simulator
from tests.http_api import ROOT
from tests.integration.simulator.client import ACCESS_KEY, SECRET, Client

ROUNDS = 30
CALLS_A_ROUND = 50
STARTS = 5

pytestmark = [pytest.mark.storm, pytest.mark.timeout(180)]


def fastest(*actions: Callable[[], object], rounds: int = ROUNDS, calls: int = CALLS_A_ROUND) -> list[float]:
    """Return the seconds of each action in its fastest round. The rounds alternate, so all see the same machine."""
    seconds = [float("inf")] * len(actions)
    for _ in range(rounds):
        for number, action in enumerate(actions):
            started = time.perf_counter()
            for _ in range(calls):
                action()
            seconds[number] = min(seconds[number], (time.perf_counter() - started) / calls)
    return seconds


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """The same server with a handler that returns a constant."""
    handler = Response(b'{"id":"6b092faa242197d719000c46"}', mimetype="application/json")
    monkeypatch.setattr(server, "create_app", lambda _: handler)
    simulator = Simulator("127.0.0.1", 0, ACCESS_KEY, SECRET)
    simulator.start()
    yield Client(simulator.url)
    simulator.stop()


def test_a_call_takes_at_most_twice_the_time_of_a_bare_handler(
    simulator: Client, bare: Client, record_property: Callable[[str, object], None]
) -> None:
    path = f"/v2/rooms/{simulator.post_json('/v2/rooms')['id']}"
    simulated, constant = fastest(lambda: simulator.get(path), lambda: bare.get(path))
    record_property("summary", f"simulator: {1 / simulated:.0f} calls a second, a bare handler {1 / constant:.0f}")
    assert simulated <= 2 * constant


def test_a_reset_takes_less_than_5_ms(simulator: Client, record_property: Callable[[str, object], None]) -> None:
    (seconds,) = fastest(lambda: simulator.post_json("/_simulator/reset"), rounds=20, calls=5)
    record_property("summary", f"simulator: reset in {seconds * 1000:.1f} ms")
    assert seconds < 0.005


def test_a_start_takes_less_than_half_a_second(record_property: Callable[[str, object], None]) -> None:
    seconds = min(seconds_of_a_start() for _ in range(STARTS))
    record_property("summary", f"simulator: start in {seconds:.2f} s of processor time")
    assert seconds < 0.5


def seconds_of_a_start() -> float:
    """Return the processor time of a start. A busy machine changes it less than the elapsed time."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "simulator", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.kill()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_memory_stays_flat_once_the_log_of_requests_is_full(simulator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_log, "MAX_REQUESTS", 200)
    path = f"/v2/rooms/{simulator.post_json('/v2/rooms')['id']}"
    tracemalloc.start()
    try:
        read(simulator, path, 400)
        before, _ = tracemalloc.get_traced_memory()
        read(simulator, path, 2000)
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 100_000


def read(simulator: Client, path: str, times: int) -> None:
    for _ in range(times):
        assert simulator.get(path).status_code == requests.codes.ok

"""When SSM is called, and which values serve while it fails."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from hms import parameters as module
from hms import ssm
from hms.errors import CredentialsUnavailableError
from hms.http import deadline
from hms.http.transport import Transport
from hms.parameters import PLAIN, SECURE, Parameters
from tests.support.clock import Clock
from tests.support.servers import ScriptedServer, answer, hang_up, serve

DENIED = answer(400, b'{"__type":"AccessDeniedException","message":"not authorized"}')
THROTTLED = answer(400, b'{"__type":"ThrottlingException","message":"Rate exceeded"}')


def values_of(**values: str) -> Any:
    found = [{"Name": f"/hms/{name}", "Value": value} for name, value in values.items()]
    return answer(200, json.dumps({"Parameters": found, "InvalidParameters": []}).encode())


GOOD = values_of(access_key="a", secret=" s \n", list="none")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, aws: None) -> Iterator[ScriptedServer]:
    """An SSM that returns all parameters and counts the calls."""
    with serve(GOOD) as peer:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SSM", peer.url)
        yield peer


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Pauses between attempts. They take no time, but count against the deadline."""
    pauses: list[float] = []
    real = deadline.remaining_seconds
    monkeypatch.setattr(time, "sleep", pauses.append)
    monkeypatch.setattr(deadline, "remaining_seconds", lambda: real() - sum(pauses))
    return pauses


@pytest.fixture
def parameters(server: ScriptedServer) -> Parameters:
    made = Parameters(Transport(), "/hms")
    made.add(["access_key", "secret"], ["list"])
    return made


def names_of(server: ScriptedServer) -> list[list[str]]:
    return [[name.removeprefix("/hms/") for name in json.loads(call.body)["Names"]] for call in server.requests]


def test_a_cold_container_reads_all_parameters_in_one_call(server: ScriptedServer, parameters: Parameters) -> None:
    assert parameters.get_secure() == {"access_key": "a", "secret": "s"}
    assert parameters.get_plain() == {"list": "none"}
    assert names_of(server) == [["access_key", "secret", "list"]]
    assert json.loads(server.requests[0].body)["WithDecryption"] is True
    assert server.requests[0].headers["x-amz-target"] == "AmazonSSM.GetParameters"
    assert server.requests[0].headers["authorization"].startswith("AWS4-HMAC-SHA256 ")


def test_strings_are_read_alone_and_do_not_decrypt_again(
    server: ScriptedServer, parameters: Parameters, clock: Clock
) -> None:
    parameters.get_secure()
    clock.shift(29.5)
    parameters.get_plain()
    assert len(server.requests) == 1
    clock.shift(30.5)
    parameters.get_secure()
    parameters.get_plain()
    assert names_of(server)[1:] == [["list"]]


def test_secure_strings_are_read_again_after_five_minutes(
    server: ScriptedServer, parameters: Parameters, clock: Clock
) -> None:
    parameters.get_secure()
    clock.shift(4 * 60 - 0.5)
    parameters.get_secure()
    assert len(server.requests) == 1
    clock.shift(60.5)
    parameters.get_secure()
    parameters.get_plain()
    assert names_of(server)[1:] == [["access_key", "secret", "list"]]


@pytest.mark.parametrize("get", ["get_secure", "get_plain"])
@pytest.mark.parametrize("pick", [min, max])
def test_values_are_read_again_at_the_documented_age(
    server: ScriptedServer,
    parameters: Parameters,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    get: str,
    pick: Callable[[tuple[float, float]], float],
) -> None:
    monkeypatch.setattr(module._random, "uniform", lambda *bounds: pick(bounds))
    read: Callable[[], Any] = getattr(parameters, get)
    read()
    clock.shift(pick((4 * 60, 5 * 60) if get == "get_secure" else (30, 60)) - 0.5)
    read()
    assert len(server.requests) == 1
    clock.shift(0.5)
    read()
    assert len(server.requests) == 2


def test_containers_that_start_together_do_not_read_together(server: ScriptedServer, clock: Clock) -> None:
    containers = [Parameters(Transport(), "/hms") for _ in range(50)]
    for container in containers:
        container.add(["secret"], ["list"])
        container.get_secure()
    clock.shift((PLAIN.min_fresh + PLAIN.max_fresh) / 2)
    del server.requests[:]
    for container in containers:
        container.get_plain()
    assert 5 < len(server.requests) < 45


def test_the_clock_set_back_does_not_make_values_young(
    server: ScriptedServer, parameters: Parameters, clock: Clock
) -> None:
    parameters.get_secure()
    clock.shift(-3600)
    parameters.get_secure()
    assert len(server.requests) == 2


def test_values_are_as_fresh_after_a_long_wait_for_ssm(
    server: ScriptedServer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: clock.shift(20))
    for _ in range(20):
        server.script[:] = [THROTTLED, GOOD]
        container = Parameters(Transport(), "/hms")
        container.add(["secret"], ["list"])
        container.get_secure()
        clock.shift(PLAIN.min_fresh - ssm.ATTEMPT_TIMEOUT_SECONDS - 0.1)
        container.get_plain()
    assert len(server.requests) == 20 * 2


def test_forced_reads_happen_at_most_once_in_five_seconds(
    server: ScriptedServer, parameters: Parameters, clock: Clock
) -> None:
    parameters.get_secure()
    for _ in range(100):
        parameters.get_secure(max_age=0)
    assert len(server.requests) == 2
    clock.shift(module.FORCED_READ_SECONDS)
    parameters.get_secure(max_age=0)
    assert len(server.requests) == 3


def test_a_forced_read_between_the_two_writes_of_a_pair_is_repeated(
    server: ScriptedServer, parameters: Parameters
) -> None:
    parameters.get_secure()
    for values in (values_of(access_key="new", secret="s"), values_of(access_key="new", secret="new")):
        server.script[:] = [values]
        changed = parameters.get_secure(max_age=0)
    assert changed == {"access_key": "new", "secret": "new"}
    for _ in range(100):
        parameters.get_secure(max_age=0)
    assert len(server.requests) == 4


@pytest.mark.parametrize(("get", "seconds"), [("get_secure", 15 * 60), ("get_plain", 2 * 60)])
def test_known_values_serve_while_ssm_fails(
    server: ScriptedServer, parameters: Parameters, clock: Clock, get: str, seconds: int
) -> None:
    read: Callable[[], Any] = getattr(parameters, get)
    known = read()
    server.script[:] = [DENIED]
    clock.shift(seconds - 0.5)
    assert read() == known
    clock.shift(1)
    with pytest.raises(CredentialsUnavailableError):
        read()


def test_a_failing_ssm_is_asked_every_5_to_15_seconds(
    server: ScriptedServer, parameters: Parameters, clock: Clock, slept: list[float]
) -> None:
    parameters.get_secure()
    clock.shift(SECURE.max_fresh)
    server.script[:] = [THROTTLED]
    seconds = 300
    for _ in range(seconds):
        parameters.get_secure()
        clock.shift(1)
    assert seconds / 16 < len(server.requests) - 1 < seconds / 5 + 1
    assert not slept


def test_values_that_serve_wait_for_a_slow_ssm_at_most_a_second(
    server: ScriptedServer, parameters: Parameters, clock: Clock
) -> None:
    parameters.get_secure()
    clock.shift(SECURE.max_fresh)
    server.script[:] = [lambda connection: time.sleep(4)]
    started = time.perf_counter()
    assert parameters.get_secure()
    assert time.perf_counter() - started < 3


def test_throttling_and_failures_are_retried_in_growing_slots(
    server: ScriptedServer, parameters: Parameters, slept: list[float]
) -> None:
    server.script[:] = [THROTTLED, hang_up, answer(500), THROTTLED, GOOD]
    assert parameters.get_secure()["access_key"] == "a"
    assert len(server.requests) == 5
    bounds = [(0.1, 1.5), (0.2, 7), (0.2, 25), (0.2, 25)]
    assert all(low <= pause <= high for pause, (low, high) in zip(slept, bounds, strict=True))


@pytest.mark.parametrize(("pick", "pauses"), [(min, [0.1, 0.2, 0.2]), (max, [1.5, 7, 25])])
def test_the_slots_have_the_documented_bounds(
    server: ScriptedServer,
    parameters: Parameters,
    slept: list[float],
    monkeypatch: pytest.MonkeyPatch,
    pick: Callable[[tuple[float, float]], float],
    pauses: list[float],
) -> None:
    monkeypatch.setattr(ssm._random, "uniform", lambda *bounds: pick(bounds))
    server.script[:] = [THROTTLED, THROTTLED, THROTTLED, GOOD]
    assert parameters.get_secure()
    assert slept == pauses


def test_retries_leave_five_seconds_for_100ms(
    server: ScriptedServer, parameters: Parameters, slept: list[float]
) -> None:
    server.script[:] = [THROTTLED]
    for _ in range(20):
        del slept[:], server.requests[:]
        deadline.start(20_500)
        with pytest.raises(CredentialsUnavailableError) as failure:
            parameters.get_secure()
        assert failure.value.is_transient
        assert 2 <= len(server.requests) <= ssm.MAX_ATTEMPTS
        assert sum(slept) <= 15


def test_throttling_does_not_refuse_the_next_request(
    server: ScriptedServer, parameters: Parameters, slept: list[float]
) -> None:
    server.script[:] = [THROTTLED]
    with pytest.raises(CredentialsUnavailableError):
        parameters.get_secure()
    del slept[:]
    server.script[:] = [GOOD]
    assert parameters.get_secure()


def test_a_permanent_failure_is_not_tried_again_for_five_seconds(
    server: ScriptedServer, parameters: Parameters, clock: Clock
) -> None:
    server.script[:] = [DENIED]
    for _ in range(10):
        with pytest.raises(CredentialsUnavailableError) as failure:
            parameters.get_secure()
        assert failure.value.reason == "SSM: 400 AccessDeniedException"
    assert len(server.requests) == 1
    server.script[:] = [GOOD]
    clock.shift(module.REFUSAL_SECONDS)
    assert parameters.get_secure()


def test_a_permanent_failure_is_forgotten_when_the_clock_is_set_back(
    server: ScriptedServer, parameters: Parameters, clock: Clock
) -> None:
    server.script[:] = [DENIED]
    with pytest.raises(CredentialsUnavailableError):
        parameters.get_secure()
    server.script[:] = [GOOD]
    clock.shift(-3600)
    assert parameters.get_secure()


def test_a_missing_parameter_is_read_again_after_five_seconds(
    server: ScriptedServer, parameters: Parameters, clock: Clock
) -> None:
    server.script[:] = [values_of(access_key="a", secret=" ")]
    for _ in range(10):
        with pytest.raises(CredentialsUnavailableError) as failure:
            parameters.require(["access_key", "secret"])
        assert failure.value.reason == "missing SSM parameter: /hms/secret"
    assert len(server.requests) == 1
    server.script[:] = [GOOD]
    clock.shift(module.FORCED_READ_SECONDS)
    assert parameters.require(["access_key", "secret"]) == ["a", "s"]


def test_the_generation_changes_with_a_secure_string_only(
    server: ScriptedServer, parameters: Parameters, clock: Clock
) -> None:
    parameters.get_secure()
    generations = [parameters.generation]
    for script in (values_of(access_key="a", secret="s", list="abcdefgh"), values_of(access_key="a", secret="new")):
        server.script[:] = [script]
        clock.shift(SECURE.max_fresh)
        parameters.get_secure()
        generations.append(parameters.generation)
    assert generations[0] == generations[1] < generations[2]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"Parameters": [{"Name": "a"}]}',
        b'{"Parameters": [{"Name": 1, "Value": 2}]}',
        b"[" * 99_999,
    ],
)
def test_a_response_without_parameters_is_unavailable_credentials(
    server: ScriptedServer, parameters: Parameters, body: bytes
) -> None:
    server.script[:] = [answer(200, body)]
    with pytest.raises(CredentialsUnavailableError) as failure:
        parameters.get_secure()
    assert failure.value.reason == "SSM: the response has no parameters"


def test_a_failing_endpoint_of_aws_credentials_is_unavailable_credentials(
    server: ScriptedServer, parameters: Parameters, monkeypatch: pytest.MonkeyPatch, slept: list[float]
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"{server.url}/credentials")
    server.script[:] = [answer(500)]
    with pytest.raises(CredentialsUnavailableError) as failure:
        parameters.get_secure()
    assert failure.value.reason == "AWS credentials: CredentialRetrievalError"

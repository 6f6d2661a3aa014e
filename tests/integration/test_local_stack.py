"""The local stack from a user's view: its output, addresses and end."""

import ctypes
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import boto3
import pytest
import requests

from tests.integration.stack import ROOT, Stack, environment, free_ports, started_stack

SMALL_STACK = """
import os, signal
from pathlib import Path
from local.settings import Settings
from local.stack import running_stack
with running_stack(Settings.from_environment(os.environ), Path("tests/integration/small_stack/template.yaml")):
    print("Ready", flush=True)
    signal.pause()
"""


def run(*arguments: str, **variables: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment(**variables),
        capture_output=True,
        text=True,
        check=False,
    )


def workers_of(pid: int) -> list[int]:
    listed = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in listed.stdout.split()]


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def is_open(url: str) -> bool:
    host, port = url.removeprefix("http://").split(":")
    with socket.socket() as client:
        return client.connect_ex((host, int(port))) == 0


def soon(condition: Callable[[], bool]) -> bool:
    """Return True if the condition holds within a few seconds."""
    end = time.monotonic() + 5
    while not (held := condition()) and time.monotonic() < end:
        time.sleep(0.02)
    return held


def test_ready_is_the_last_line_after_the_urls_and_a_token(stack: Stack) -> None:
    assert stack.output.endswith("\nReady\n")
    for url in (stack.api, stack.aws, stack.simulator, stack.token):
        assert url in stack.output


def test_the_printed_curl_line_lists_the_rooms(stack: Stack) -> None:
    line = next(line for line in stack.output.splitlines() if line.startswith("curl"))
    command, silent, flag, header, url = shlex.split(line)
    assert (command, silent, flag, url) == ("curl", "-s", "-H", f"{stack.api}/rooms")
    response = requests.get(url, headers=dict([header.split(": ")]), timeout=30)
    assert response.status_code == 200
    assert "data" in response.json()


def test_the_token_command_prints_a_token_the_stack_takes_and_nothing_else(stack: Stack) -> None:
    printed = run("-m", "local.token", HMS_ACCESS_KEY=stack.access_key, HMS_SECRET=stack.secret)
    assert (printed.returncode, printed.stderr) == (0, "")
    assert printed.stdout.count("\n") == 1
    headers = {"Authorization": f"Bearer {printed.stdout.strip()}"}
    assert requests.get(f"{stack.api}/rooms", headers=headers, timeout=30).status_code == 200


def test_another_key_pair_s_token_is_refused(stack: Stack) -> None:
    printed = run("-m", "local.token", HMS_ACCESS_KEY=stack.access_key)
    headers = {"Authorization": f"Bearer {printed.stdout.strip()}"}
    assert requests.get(f"{stack.api}/rooms", headers=headers, timeout=30).status_code == 401


def test_the_secrets_are_in_ssm_as_secure_strings(stack: Stack) -> None:
    ssm = boto3.client(
        "ssm", "us-east-1", endpoint_url=stack.aws, aws_access_key_id="test", aws_secret_access_key="test"
    )
    names = ["/hms/access_key", "/hms/secret", "/hms/webhook_secret"]
    found = ssm.get_parameters(Names=names, WithDecryption=True)["Parameters"]
    assert {parameter["Name"]: parameter["Value"] for parameter in found} == {
        "/hms/access_key": stack.access_key,
        "/hms/secret": stack.secret,
        "/hms/webhook_secret": "local-webhook-secret",
    }
    assert {parameter["Type"] for parameter in found} == {"SecureString"}


def test_a_call_through_the_api_arrives_at_the_simulator(stack: Stack) -> None:
    requests.delete(f"{stack.simulator}/_simulator/requests", timeout=30)
    headers = {"Authorization": f"Bearer {stack.token}"}
    requests.get(f"{stack.api}/v2/rooms", headers=headers, timeout=30)
    received = requests.get(f"{stack.simulator}/_simulator/requests", timeout=30).json()["requests"]
    assert [(request["method"], request["path"]) for request in received] == [("GET", "/v2/rooms")]


def test_nothing_listens_beyond_loopback(stack: Stack) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # sends nothing; only determines the address of the network interface
        address = probe.getsockname()[0]
    for url in (stack.api, stack.aws, stack.simulator):
        assert not is_open(url.replace("127.0.0.1", address))


def test_a_signal_that_another_thread_gets_ends_the_stack_too(tmp_path: Path) -> None:
    with started_stack(tmp_path / "stderr") as stack:
        leader = stack.process.pid
        others = sorted(int(path.name) for path in Path(f"/proc/{leader}/task").iterdir() if int(path.name) != leader)
        assert ctypes.CDLL(None).tgkill(leader, others[-1], signal.SIGTERM) == 0
        assert stack.process.wait(15) == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_and_leaves_no_process_and_no_port(number: signal.Signals, tmp_path: Path) -> None:
    with started_stack(tmp_path / "stderr") as stack:
        requests.get(f"{stack.api}/", timeout=30)
        workers = workers_of(stack.process.pid)
        assert workers
        stack.process.send_signal(number)
        assert stack.process.wait(10) == 0
        assert not any(is_alive(worker) for worker in workers)
        assert not any(is_open(url) for url in (stack.api, stack.aws, stack.simulator))


def test_a_worker_ends_with_a_killed_stack_even_in_the_middle_of_a_call() -> None:
    port, aws_port = free_ports(2)
    variables = environment(PORT=port, AWS_PORT=aws_port, UPSTREAM="http://127.0.0.1:9/v2")
    with subprocess.Popen(
        [sys.executable, "-c", SMALL_STACK], cwd=ROOT, env=variables, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "Ready\n"
        requests.get(f"http://127.0.0.1:{port}/echo/x", timeout=30)
        with pytest.raises(requests.ReadTimeout):
            requests.get(f"http://127.0.0.1:{port}/fragile/hang", timeout=0.5)
        workers = workers_of(process.pid)
        assert len(workers) == 2
        process.kill()
    assert soon(lambda: not any(is_alive(worker) for worker in workers))


@pytest.mark.parametrize("variable", ["PORT", "AWS_PORT", "SIMULATOR_PORT"])
def test_a_port_in_use_is_one_line_that_names_it_and_its_variable(variable: str) -> None:
    ports = dict(zip(["PORT", "AWS_PORT", "SIMULATOR_PORT"], free_ports(3), strict=True))
    with socket.create_server(("127.0.0.1", ports[variable])):
        ended = run("-m", "local", **ports)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == f"port {ports[variable]} is in use; set {variable} to another port\n"


def test_a_port_that_is_none_is_one_line() -> None:
    ended = run("-m", "local", AWS_PORT="first")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == "AWS_PORT: must be a port between 1 and 65535, not first\n"


@pytest.mark.parametrize("rate", ["0", "-1", "many", "1.5"])
def test_a_rate_that_is_none_is_one_line(rate: str) -> None:
    ended = run("-m", "local", SSM_RATE=rate)
    assert (ended.returncode, ended.stdout, ended.stderr) == (
        1,
        "",
        f"SSM_RATE: must be a positive integer, not {rate}\n",
    )

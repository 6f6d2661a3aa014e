"""Starts the local stack as a user does: `python -m local` in a separate process, on free ports."""

import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Stack:
    """A running stack. `output` is its standard output, `log` the file of its standard error."""

    api: str
    aws: str
    simulator: str
    access_key: str = field(repr=False)
    secret: str = field(repr=False)
    token: str = field(repr=False)
    output: str = field(repr=False)
    log: Path
    process: subprocess.Popen[str]


def free_ports(count: int) -> list[int]:
    """Return ports that are not in use."""
    with ExitStack() as held:
        listeners = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [listener.getsockname()[1] for listener in listeners]


def environment(**variables: object) -> dict[str, str]:
    """Return a minimal environment with the project's modules and the given variables."""
    bare = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT / 'layers' / 'common'}:{ROOT}"}
    return {**bare, **{name: str(value) for name, value in variables.items()}}


@contextmanager
def started_stack(log: Path, **settings: str) -> Iterator[Stack]:
    """Run a stack with its own key pair and the settings while the context is open. Waits until it is ready."""
    port, aws_port, simulator_port = free_ports(3)
    access_key, secret = secrets.token_hex(12), secrets.token_hex(32)
    ports = {"PORT": port, "AWS_PORT": aws_port, "SIMULATOR_PORT": simulator_port}
    variables = environment(**ports, HMS_ACCESS_KEY=access_key, HMS_SECRET=secret, **settings)

    with (
        log.open("w") as errors,
        subprocess.Popen(
            [sys.executable, "-m", "local"], cwd=ROOT, env=variables, stdout=subprocess.PIPE, stderr=errors, text=True
        ) as process,
    ):
        try:
            output = _until_ready(process, log)
            api, aws, simulator = (f"http://127.0.0.1:{number}" for number in (port, aws_port, simulator_port))
            token = next(line.split()[1] for line in output.splitlines() if line.startswith("Token"))
            yield Stack(api, aws, simulator, access_key, secret, token, output, log, process)
        finally:
            process.terminate()


def _until_ready(process: subprocess.Popen[str], log: Path) -> str:
    assert process.stdout
    output = ""
    for line in process.stdout:
        output += line
        if line == "Ready\n":
            return output
    raise AssertionError(f"the stack ended before it was ready:\n{output}{log.read_text()}")

"""Runs commands in a terminal and types input at their prompts."""

import os
import pty
import subprocess
from collections.abc import Mapping, Sequence

from tests.http_api import ROOT


def at_terminal(command: Sequence[str], env: Mapping[str, str], *answers: tuple[str, str]) -> tuple[int, str]:
    """Run a command in a new terminal. When the screen ends with a prompt, type its input.

    Returns:
        The exit status and the output on the screen.
    """
    here, there = pty.openpty()
    with subprocess.Popen(
        command, cwd=ROOT, env=env, stdin=there, stdout=there, stderr=there, start_new_session=True
    ) as process:
        os.close(there)
        screen = b""
        waiting = list(answers)
        while shown := _read(here):
            screen += shown
            if waiting and screen.endswith(waiting[0][0].encode()):
                os.write(here, f"{waiting.pop(0)[1]}\n".encode())
        os.close(here)
    return process.returncode, screen.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1024)
    except OSError:  # the command has closed its side of the terminal
        return b""

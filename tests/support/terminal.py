"""A terminal at which commands run: what they ask for is typed in."""

import os
import pty
import subprocess
from collections.abc import Mapping, Sequence

from tests.http_api import ROOT


def at_terminal(command: Sequence[str], env: Mapping[str, str], *answers: tuple[str, str]) -> tuple[int, str]:
    """Run a command at a terminal of its own, and type each answer once the screen ends with its prompt.

    Returns:
        The command's exit status, and all that the screen showed.
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
    except OSError:  # its last user has closed the other side
        return b""

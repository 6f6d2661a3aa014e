"""`python -m local`: run the local stack until Ctrl-C."""

import os
import signal
import sys
import time
from types import FrameType
from typing import NoReturn

from local.settings import CannotStart, Settings
from local.stack import Addresses, running_stack
from local.token import management_token

AWAKE_SECONDS = 0.5
"""How long a signal may take that the system gave to another thread: Python acts on it when the main one wakes."""


def main() -> None:
    """Run the stack that the environment asks for, until SIGINT or SIGTERM; one line says why if it cannot start."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    try:
        settings = Settings.from_environment(os.environ)
        with running_stack(settings) as addresses:
            print(_welcome(settings, addresses), flush=True)
            while True:
                time.sleep(AWAKE_SECONDS)
    except CannotStart as problem:
        sys.exit(str(problem))


def _end(*_: int | FrameType | None) -> NoReturn:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise SystemExit(0)


def _welcome(settings: Settings, addresses: Addresses) -> str:
    token = management_token(settings)
    console = f"Console  {addresses.api}/_local/\n" if addresses.simulator else ""
    return f"""API      {addresses.api}
AWS      {addresses.aws}
100ms    {addresses.simulator or settings.upstream}
Docs     {addresses.api}/docs
{console}Token    {token}

curl -s -H "Authorization: Bearer {token}" {addresses.api}/rooms

Ready"""


if __name__ == "__main__":
    main()

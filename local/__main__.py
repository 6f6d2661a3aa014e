"""`python -m local`: run the local stack until Ctrl-C."""

import os
import signal
import sys
import time
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

from local.settings import Settings, StartupError
from local.token import management_token

if TYPE_CHECKING:
    from local.stack import StackUrls

SIGNAL_POLL_SECONDS = 0.5
"""How often the main thread wakes. Python runs signal handlers only in the main thread."""


def main() -> None:
    """Run the stack until SIGINT or SIGTERM. Exits with one line on standard error if the stack cannot start."""
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_number, _exit)
    try:
        settings = Settings.from_environment(os.environ)
        from local.stack import running_stack  # loads moto, which takes seconds

        with running_stack(settings) as urls:
            print(_startup_message(settings, urls), flush=True)
            while True:
                time.sleep(SIGNAL_POLL_SECONDS)
    except StartupError as error:
        sys.exit(str(error))


def _exit(*_: int | FrameType | None) -> NoReturn:
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_number, signal.SIG_IGN)
    raise SystemExit(0)


def _startup_message(settings: Settings, urls: "StackUrls") -> str:
    token = management_token(settings)
    console = f"Console  {urls.api}/_local/\n" if urls.simulator else ""
    return f"""API      {urls.api}
AWS      {urls.aws}
100ms    {urls.simulator or settings.upstream}
Docs     {urls.api}/docs
{console}Token    {token}

curl -s -H "Authorization: Bearer {token}" {urls.api}/rooms

Ready"""


if __name__ == "__main__":
    main()

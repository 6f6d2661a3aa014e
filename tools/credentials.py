"""`python -m tools.credentials`: puts the app's key pair, and the secret of webhooks, into SSM Parameter Store.

`ACCESS_KEY`, `SECRET` and `WEBHOOK_SECRET` come from the environment, which no list of processes shows. What is missing
of the pair is asked for at the terminal; `WEBHOOK_SECRET` alone leaves the pair as it is.
"""

import os
import re
import sys
from collections.abc import Callable, Mapping
from getpass import getpass
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from hms.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

PAIR: dict[str, Callable[[str], str]] = {"ACCESS_KEY": input, "SECRET": getpass}
"""What belongs together, and how each is asked for: a secret is not echoed."""
WORD = re.compile(r"[!-+\--~]+")
LONGEST = 4096


class CannotPut(Exception):
    """The credentials are not what they must be, or SSM did not take them; the message shows none of them."""


def gathered(environment: Mapping[str, str]) -> dict[str, str]:
    """The credentials that are to be put, by variable.

    Raises:
        CannotPut: something is missing and there is no terminal to ask at, or is not what it must be.
    """
    given = {name: value for name in (*PAIR, "WEBHOOK_SECRET") if (value := environment.get(name))}
    if given.keys() != {"WEBHOOK_SECRET"}:
        given |= {name: _asked(name, ask) for name, ask in PAIR.items() if name not in given}
    for name, value in given.items():
        _check(name, value)
    return given


def put(ssm: "SSMClient", prefix: str, credentials: Mapping[str, str]) -> None:
    """Keep each as a SecureString under the prefix, in place of what was there.

    Raises:
        CannotPut: SSM refused or was not reached; tells what it has taken before.
    """
    done: list[str] = []
    for name, value in credentials.items():
        parameter = f"{prefix}/{name.lower()}"
        try:
            ssm.put_parameter(Name=parameter, Value=value, Type="SecureString", Overwrite=True)
        except (BotoCoreError, ClientError) as error:
            problem = str(error).replace(value, "…")
            raise CannotPut(f"{parameter} is not put: {problem} (put before it: {', '.join(done) or 'none'})") from None
        done.append(parameter)


def _asked(name: str, ask: Callable[[str], str]) -> str:
    if not sys.stdin.isatty():
        raise CannotPut(f"{name} is not given, and there is no terminal to ask at")
    try:
        return ask(f"{name}: ")
    except (EOFError, KeyboardInterrupt):
        raise CannotPut("\nnothing is put") from None


def _check(name: str, value: str) -> None:
    words = value.split(",") if name == "WEBHOOK_SECRET" else [value]
    if len(words) > 2 or not all(map(WORD.fullmatch, words)) or len(value) > LONGEST:
        kind = "one or two words, separated by a comma" if name == "WEBHOOK_SECRET" else "a word without a comma"
        raise CannotPut(f"{name} is not put: it must be {kind}, of visible ASCII characters, {LONGEST} at most")


def main() -> None:
    """Put what the environment and the terminal give under `HMS_PARAMETER_PREFIX`."""
    prefix = Settings.from_environment().parameter_prefix
    try:
        credentials = gathered(os.environ)
        put(boto3.client("ssm"), prefix, credentials)
    except (CannotPut, BotoCoreError) as problem:
        sys.exit(str(problem))
    print("\n".join(f"{prefix}/{name.lower()} is put" for name in credentials))


if __name__ == "__main__":
    main()

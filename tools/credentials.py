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

PROMPTS: dict[str, Callable[[str], str]] = {"ACCESS_KEY": input, "SECRET": getpass}
"""What belongs together, and how each is asked for: a secret is not echoed."""
SECRET_PATTERN = re.compile(r"[!-+\--~]+")
MAX_LENGTH = 4096


class CredentialsError(Exception):
    """The credentials are not what they must be, or SSM did not take them; the message shows none of them."""


def read_credentials(environment: Mapping[str, str]) -> dict[str, str]:
    """The credentials that are to be put, by variable.

    Raises:
        CredentialsError: something is missing and there is no terminal to ask at, or is not what it must be.
    """
    credentials = {name: value for name in (*PROMPTS, "WEBHOOK_SECRET") if (value := environment.get(name))}
    if credentials.keys() != {"WEBHOOK_SECRET"}:
        credentials |= {name: _prompt(name, prompt) for name, prompt in PROMPTS.items() if name not in credentials}
    for name, value in credentials.items():
        _check(name, value)
    return credentials


def store_credentials(ssm: "SSMClient", prefix: str, credentials: Mapping[str, str]) -> None:
    """Keep each as a SecureString under the prefix, in place of what was there.

    Raises:
        CredentialsError: SSM refused or was not reached; tells what it has taken before.
    """
    stored: list[str] = []
    for name, value in credentials.items():
        parameter = f"{prefix}/{name.lower()}"
        try:
            ssm.put_parameter(Name=parameter, Value=value, Type="SecureString", Overwrite=True)
        except (BotoCoreError, ClientError) as error:
            reason = str(error).replace(value, "…")
            raise CredentialsError(
                f"{parameter} is not put: {reason} (put before it: {', '.join(stored) or 'none'})"
            ) from None
        stored.append(parameter)


def _prompt(name: str, prompt: Callable[[str], str]) -> str:
    if not sys.stdin.isatty():
        raise CredentialsError(f"{name} is not given, and there is no terminal to ask at")
    try:
        return prompt(f"{name}: ")
    except (EOFError, KeyboardInterrupt):
        raise CredentialsError("\nnothing is put") from None


def _check(name: str, value: str) -> None:
    secrets = value.split(",") if name == "WEBHOOK_SECRET" else [value]
    if len(secrets) > 2 or not all(map(SECRET_PATTERN.fullmatch, secrets)) or len(value) > MAX_LENGTH:
        kind = "one or two words, separated by a comma" if name == "WEBHOOK_SECRET" else "a word without a comma"
        raise CredentialsError(
            f"{name} is not put: it must be {kind}, of visible ASCII characters, {MAX_LENGTH} at most"
        )


def main() -> None:
    """Put what the environment and the terminal give under `HMS_PARAMETER_PREFIX`."""
    prefix = Settings.from_environment().parameter_prefix
    try:
        credentials = read_credentials(os.environ)
        store_credentials(boto3.client("ssm"), prefix, credentials)
    except (CredentialsError, BotoCoreError) as error:
        sys.exit(str(error))
    print("\n".join(f"{prefix}/{name.lower()} is put" for name in credentials))


if __name__ == "__main__":
    main()

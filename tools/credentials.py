"""`python -m tools.credentials`: store the app key pair and the webhook secret in SSM Parameter Store.

Reads `ACCESS_KEY`, `SECRET` and `WEBHOOK_SECRET` from the environment, so that process lists do not show them. Prompts
for a missing half of the pair. If only `WEBHOOK_SECRET` is set, the pair does not change. Creates the master of client
keys if there is none.
"""

import os
import re
import sys
from collections.abc import Callable, Mapping
from getpass import getpass
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from hms.settings import Settings
from hms_service.auth.client_keys import PREFIX
from tools.aws import open_session
from tools.keys.parameters import KeyParameters

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

PROMPTS: dict[str, Callable[[str], str]] = {"ACCESS_KEY": input, "SECRET": getpass}
"""The variables of the pair, each with its prompt. `getpass` does not echo the secret."""
SECRET_PATTERN = re.compile(r"[!-+\--~]+")
MAX_LENGTH = 4096


class CredentialsError(Exception):
    """The credentials are invalid or could not be stored. The message contains no credential."""


def read_credentials(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the credentials to store, by variable. Prompts for missing ones.

    Raises:
        CredentialsError: a credential is invalid, or is missing without a terminal to prompt for it.
    """
    credentials = {name: value for name in (*PROMPTS, "WEBHOOK_SECRET") if (value := environment.get(name))}
    if credentials.keys() != {"WEBHOOK_SECRET"}:
        credentials |= {name: _prompt(name, prompt) for name, prompt in PROMPTS.items() if name not in credentials}
    for name, value in credentials.items():
        _check(name, value)
    return credentials


def store_credentials(ssm: "SSMClient", prefix: str, credentials: Mapping[str, str]) -> None:
    """Store each credential as a SecureString under the prefix. Existing values are overwritten.

    Raises:
        CredentialsError: SSM rejected a parameter or was not reachable. The message lists those already stored.
    """
    stored: list[str] = []
    for name, value in credentials.items():
        parameter = f"{prefix}/{name.lower()}"
        try:
            ssm.put_parameter(Name=parameter, Value=value, Type="SecureString", Overwrite=True)
        except (BotoCoreError, ClientError) as error:
            reason = str(error).replace(value, "…")
            raise CredentialsError(
                f"{parameter}: not stored: {reason} (already stored: {', '.join(stored) or 'none'})"
            ) from None
        stored.append(parameter)


def _prompt(name: str, prompt: Callable[[str], str]) -> str:
    if not sys.stdin.isatty():
        raise CredentialsError(f"{name}: is required; there is no terminal to prompt for it")
    try:
        return prompt(f"{name}: ")
    except (EOFError, KeyboardInterrupt):
        raise CredentialsError("\nnothing was stored") from None


def _check(name: str, value: str) -> None:
    if name == "ACCESS_KEY" and value.startswith(PREFIX):
        raise CredentialsError(f"{name}: must be the access key of the 100ms app, not a client key ({PREFIX}…)")
    secrets = value.split(",") if name == "WEBHOOK_SECRET" else [value]
    if len(secrets) > 2 or not all(map(SECRET_PATTERN.fullmatch, secrets)) or len(value) > MAX_LENGTH:
        value_format = "one secret, or two separated by a comma" if name == "WEBHOOK_SECRET" else "without a comma"
        raise CredentialsError(f"{name}: must be 1 to {MAX_LENGTH} visible ASCII characters, {value_format}")


def main() -> None:
    """Read the credentials and store them under `HMS_PARAMETER_PREFIX`."""
    prefix = Settings.from_environment().parameter_prefix
    try:
        ssm = open_session().client("ssm")
        credentials = read_credentials(os.environ)
        store_credentials(ssm, prefix, credentials)
        KeyParameters(ssm, prefix).create_master()
    except (CredentialsError, ValueError, BotoCoreError, ClientError) as error:
        sys.exit(str(error))
    print("\n".join(f"stored {prefix}/{name.lower()}" for name in credentials))


if __name__ == "__main__":
    main()

"""Settings of the local stack, read from environment variables."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from simulator import DEFAULT_ACCESS_KEY, DEFAULT_SECRET

HOST = "127.0.0.1"


class StartupError(Exception):
    """The stack cannot start. The message gives the reason in one line."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The local stack's settings.

    Attributes:
        port: port of the API (`PORT`).
        aws_port: port of the local AWS services (`AWS_PORT`).
        simulator_port: port of the 100ms simulator (`SIMULATOR_PORT`).
        region: AWS region of the local services (`AWS_REGION`, or `AWS_DEFAULT_REGION`).
        access_key: access key of the app, for 100ms and in SSM (`HMS_ACCESS_KEY`).
        secret: secret of the app (`HMS_SECRET`).
        upstream: base URL of a 100ms REST API to use instead of the simulator (`UPSTREAM`).
        auth_url: base URL of the token service for `upstream`; the functions' default if not set (`HMS_AUTH_URL`).
        ssm_rate: parameter reads per second that SSM accepts; no limit if not set (`SSM_RATE`).
        parameters: template parameters with values that replace the defaults, such as `Validation=reject`
            (`PARAMETERS`).
    """

    port: int
    aws_port: int
    simulator_port: int
    region: str
    access_key: str
    secret: str
    upstream: str | None
    auth_url: str | None
    ssm_rate: int | None
    parameters: Mapping[str, str]

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the settings from environment variables. A missing or empty variable means the default.

        Raises:
            StartupError: a port is not between 1 and 65535, a rate is not a positive integer, or `PARAMETERS` is not
                of the form `Name=value ...`.
        """
        return cls(
            port=_port(environment, "PORT", 3000),
            aws_port=_port(environment, "AWS_PORT", 3200),
            simulator_port=_port(environment, "SIMULATOR_PORT", 3100),
            region=environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION") or "us-east-1",
            access_key=environment.get("HMS_ACCESS_KEY") or DEFAULT_ACCESS_KEY,
            secret=environment.get("HMS_SECRET") or DEFAULT_SECRET,
            upstream=environment.get("UPSTREAM") or None,
            auth_url=environment.get("HMS_AUTH_URL") or None,
            ssm_rate=_rate(environment, "SSM_RATE"),
            parameters=_parameters(environment.get("PARAMETERS", "")),
        )

    def ports(self) -> dict[str, int]:
        """Return the ports of the stack, by the variable that sets each."""
        ports = {"PORT": self.port, "AWS_PORT": self.aws_port}
        return ports if self.upstream else {**ports, "SIMULATOR_PORT": self.simulator_port}


def _port(environment: Mapping[str, str], variable: str, default: int) -> int:
    value = environment.get(variable) or str(default)
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= 65535):
        raise StartupError(f"{variable}: must be a port between 1 and 65535, not {value}")
    return int(value)


def _parameters(text: str) -> dict[str, str]:
    try:
        pairs = [word.partition("=") for word in shlex.split(text)]
    except ValueError as error:
        raise StartupError(f"PARAMETERS: {error}") from None
    if not all(name and equals for name, equals, _ in pairs):
        raise StartupError(f'PARAMETERS: must be like "Validation=reject LogLevel=DEBUG", not {text}')
    return {name: value for name, _, value in pairs}


def _rate(environment: Mapping[str, str], variable: str) -> int | None:
    value = environment.get(variable)
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and int(value)):
        raise StartupError(f"{variable}: must be a positive integer, not {value}")
    return int(value)

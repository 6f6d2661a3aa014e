"""Settings of the SDK, read from environment variables."""

import os
from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple, Self

DEFAULT_API_URL = "https://api.100ms.live/v2"
DEFAULT_AUTH_URL = "https://auth.100ms.live/v2"
DEFAULT_PARAMETER_PREFIX = "/hms"


class Validation(Enum):
    """How to handle requests that differ from the documentation of 100ms."""

    OBSERVE = "observe"
    """Send the request. Add warnings to the response, the log and the metrics."""
    REJECT = "reject"
    """Reject the request with 400."""
    OFF = "off"
    """Send the request without validation. No models are loaded."""


class Settings(NamedTuple):
    """URLs of 100ms, location of the credentials, and validation mode.

    Attributes:
        api_url: base URL of the 100ms Server v2 REST API, without a trailing slash (`HMS_API_URL`).
        auth_url: base URL of 100ms's token service, which exchanges room codes (`HMS_AUTH_URL`).
        parameter_prefix: SSM path of the credentials (`HMS_PARAMETER_PREFIX`).
        validation: how to handle undocumented requests (`HMS_VALIDATION`: `observe`, `reject` or `off`).
    """

    api_url: str = DEFAULT_API_URL
    auth_url: str = DEFAULT_AUTH_URL
    parameter_prefix: str = DEFAULT_PARAMETER_PREFIX
    validation: Validation = Validation.REJECT

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Return the settings from environment variables. Missing variables get defaults.

        Raises:
            ValueError: `HMS_VALIDATION` is not `observe`, `reject` or `off`.
        """
        return cls(
            api_url=environment.get("HMS_API_URL", DEFAULT_API_URL).rstrip("/"),
            auth_url=environment.get("HMS_AUTH_URL", DEFAULT_AUTH_URL).rstrip("/"),
            parameter_prefix=environment.get("HMS_PARAMETER_PREFIX", DEFAULT_PARAMETER_PREFIX).rstrip("/"),
            validation=Validation(environment.get("HMS_VALIDATION", Validation.REJECT.value)),
        )

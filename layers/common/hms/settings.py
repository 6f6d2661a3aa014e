"""The environment of the SDK, read once into one frozen object."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Self

DEFAULT_API_URL = "https://api.100ms.live/v2"
DEFAULT_AUTH_URL = "https://auth.100ms.live/v2"
DEFAULT_PARAMETER_PREFIX = "/hms"


class Validation(Enum):
    """What happens to a request that 100ms does not document."""

    OBSERVE = "observe"
    """It is sent, and the response, the log and the metrics have warnings."""
    REJECT = "reject"
    """It is refused with 400."""
    OFF = "off"
    """It is sent. No models are loaded."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where 100ms and its credentials are, and how requests are checked.

    Attributes:
        api_url: base URL of the 100ms Server v2 REST API, without a trailing slash (`HMS_API_URL`).
        auth_url: base URL of 100ms's token service, which exchanges room codes (`HMS_AUTH_URL`).
        parameter_prefix: SSM path under which the credentials are kept (`HMS_PARAMETER_PREFIX`).
        validation: what happens to undocumented requests (`HMS_VALIDATION`: `observe`, `reject` or `off`).
    """

    api_url: str = DEFAULT_API_URL
    auth_url: str = DEFAULT_AUTH_URL
    parameter_prefix: str = DEFAULT_PARAMETER_PREFIX
    validation: Validation = Validation.REJECT

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Return the settings that the environment names, and defaults for the others.

        Raises:
            ValueError: `HMS_VALIDATION` is none of the three.
        """
        return cls(
            api_url=environment.get("HMS_API_URL", DEFAULT_API_URL).rstrip("/"),
            auth_url=environment.get("HMS_AUTH_URL", DEFAULT_AUTH_URL).rstrip("/"),
            parameter_prefix=environment.get("HMS_PARAMETER_PREFIX", DEFAULT_PARAMETER_PREFIX).rstrip("/"),
            validation=Validation(environment.get("HMS_VALIDATION", Validation.REJECT.value)),
        )

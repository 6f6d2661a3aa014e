"""The environment, read once into one frozen object."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Self

DEFAULT_API_URL = "https://api.100ms.live/v2"
DEFAULT_AUTH_URL = "https://auth.100ms.live/v2"
DEFAULT_PARAMETER_PREFIX = "/hms"
DEFAULT_TOKEN_MAX_SECONDS = 86_400
DEFAULT_WEBHOOK_HEADER = "x-webhook-secret"
DEFAULT_ATTENDANCE_DAYS = 365
DEFAULT_STACK = "hms"


class UnknownFields(Enum):
    """What becomes of members and query parameters that are not known."""

    SUSPECT = "suspect"  # refused where they look like a misspelt known one
    REFUSE = "refuse"
    FORWARD = "forward"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment decides.

    Attributes:
        api_url: base URL of the 100ms Server v2 REST API, without a trailing slash (`HMS_API_URL`).
        auth_url: base URL of 100ms's token service, which exchanges room codes (`HMS_AUTH_URL`).
        parameter_prefix: SSM path under which the credentials are kept (`HMS_PARAMETER_PREFIX`).
        token_max_seconds: the longest lifetime, in seconds, that `POST /token` grants (`HMS_TOKEN_MAX_SECONDS`).
        accept_app_key: whether the app's own key may call, beside client keys (`HMS_ACCEPT_APP_KEY`: `true`, `false`).
        idempotency_table: DynamoDB table of the idempotency keys; "": none (`HMS_IDEMPOTENCY_TABLE`).
        event_bus: EventBridge bus on which events are published; "": none (`HMS_EVENT_BUS`).
        webhook_header: name of the header in which webhooks carry their secret (`HMS_WEBHOOK_HEADER`).
        webhook_signature: whether webhooks must be signed, too (`HMS_WEBHOOK_SIGNATURE`: `true`, `false`).
        attendance_table: DynamoDB table of attendance; "": none (`HMS_ATTENDANCE_TABLE`).
        attendance_days: for how many days attendance is kept (`HMS_ATTENDANCE_DAYS`).
        unknown_fields: what becomes of unknown fields (`HMS_UNKNOWN_FIELDS`: `suspect`, `refuse` or `forward`).
        base_path: path of a custom domain's API mapping, such as `hms`; "": none (`HMS_BASE_PATH`).
        stack: what metrics call the deployment (`HMS_STACK`).
    """

    api_url: str = DEFAULT_API_URL
    auth_url: str = DEFAULT_AUTH_URL
    parameter_prefix: str = DEFAULT_PARAMETER_PREFIX
    token_max_seconds: int = DEFAULT_TOKEN_MAX_SECONDS
    accept_app_key: bool = True
    idempotency_table: str = ""
    event_bus: str = ""
    webhook_header: str = DEFAULT_WEBHOOK_HEADER
    webhook_signature: bool = False
    attendance_table: str = ""
    attendance_days: int = DEFAULT_ATTENDANCE_DAYS
    unknown_fields: UnknownFields = UnknownFields.SUSPECT
    base_path: str = ""
    stack: str = DEFAULT_STACK

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """The settings that the environment names, defaults elsewhere.

        Raises:
            ValueError: `HMS_TOKEN_MAX_SECONDS` or `HMS_ATTENDANCE_DAYS` is not a whole number, or `HMS_UNKNOWN_FIELDS`
                none of the three.
        """
        return cls(
            api_url=environment.get("HMS_API_URL", DEFAULT_API_URL).rstrip("/"),
            auth_url=environment.get("HMS_AUTH_URL", DEFAULT_AUTH_URL).rstrip("/"),
            parameter_prefix=environment.get("HMS_PARAMETER_PREFIX", DEFAULT_PARAMETER_PREFIX).rstrip("/"),
            token_max_seconds=int(environment.get("HMS_TOKEN_MAX_SECONDS", DEFAULT_TOKEN_MAX_SECONDS)),
            accept_app_key=environment.get("HMS_ACCEPT_APP_KEY", "true") == "true",
            idempotency_table=environment.get("HMS_IDEMPOTENCY_TABLE", ""),
            event_bus=environment.get("HMS_EVENT_BUS", ""),
            webhook_header=environment.get("HMS_WEBHOOK_HEADER", DEFAULT_WEBHOOK_HEADER),
            webhook_signature=environment.get("HMS_WEBHOOK_SIGNATURE", "false") == "true",
            attendance_table=environment.get("HMS_ATTENDANCE_TABLE", ""),
            attendance_days=int(environment.get("HMS_ATTENDANCE_DAYS", DEFAULT_ATTENDANCE_DAYS)),
            unknown_fields=UnknownFields(environment.get("HMS_UNKNOWN_FIELDS", UnknownFields.SUSPECT.value)),
            base_path=environment.get("HMS_BASE_PATH", "").strip("/"),
            stack=environment.get("HMS_STACK", DEFAULT_STACK),
        )

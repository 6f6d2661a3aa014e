"""Settings of the service from environment variables."""

import os
from collections.abc import Mapping
from typing import NamedTuple, Self

DEFAULT_TOKEN_MAX_SECONDS = 86_400
DEFAULT_WEBHOOK_HEADER = "x-webhook-secret"
DEFAULT_ATTENDANCE_DAYS = 365
DEFAULT_STACK = "hms"


class ServiceSettings(NamedTuple):
    """Settings of the service.

    Attributes:
        token_max_seconds: maximum lifetime of a join token from `POST /token`, in seconds (`HMS_TOKEN_MAX_SECONDS`).
        accept_app_key: whether management tokens signed with the app's own key are accepted, in addition to client
            keys (`HMS_ACCEPT_APP_KEY`: `true`, `false`).
        idempotency_table: DynamoDB table of idempotency keys, or "" (`HMS_IDEMPOTENCY_TABLE`).
        event_bus: EventBridge bus for events, or "" (`HMS_EVENT_BUS`).
        webhook_header: header with the webhook secret (`HMS_WEBHOOK_HEADER`).
        webhook_signature: whether webhooks also need a signature (`HMS_WEBHOOK_SIGNATURE`: `true`, `false`).
        attendance_table: DynamoDB table of attendance, or "" (`HMS_ATTENDANCE_TABLE`).
        attendance_days: retention of attendance, in days (`HMS_ATTENDANCE_DAYS`).
        base_path: path of a custom domain's API mapping, such as `hms`, or "" (`HMS_BASE_PATH`).
        stack: name of the deployment in metrics (`HMS_STACK`).
    """

    token_max_seconds: int = DEFAULT_TOKEN_MAX_SECONDS
    accept_app_key: bool = True
    idempotency_table: str = ""
    event_bus: str = ""
    webhook_header: str = DEFAULT_WEBHOOK_HEADER
    webhook_signature: bool = False
    attendance_table: str = ""
    attendance_days: int = DEFAULT_ATTENDANCE_DAYS
    base_path: str = ""
    stack: str = DEFAULT_STACK

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read the settings from the environment. Missing variables get their defaults.

        Raises:
            ValueError: `HMS_TOKEN_MAX_SECONDS` or `HMS_ATTENDANCE_DAYS` is not an integer.
        """
        return cls(
            token_max_seconds=int(environment.get("HMS_TOKEN_MAX_SECONDS", DEFAULT_TOKEN_MAX_SECONDS)),
            accept_app_key=environment.get("HMS_ACCEPT_APP_KEY", "true") == "true",
            idempotency_table=environment.get("HMS_IDEMPOTENCY_TABLE", ""),
            event_bus=environment.get("HMS_EVENT_BUS", ""),
            webhook_header=environment.get("HMS_WEBHOOK_HEADER", DEFAULT_WEBHOOK_HEADER),
            webhook_signature=environment.get("HMS_WEBHOOK_SIGNATURE", "false") == "true",
            attendance_table=environment.get("HMS_ATTENDANCE_TABLE", ""),
            attendance_days=int(environment.get("HMS_ATTENDANCE_DAYS", DEFAULT_ATTENDANCE_DAYS)),
            base_path=environment.get("HMS_BASE_PATH", "").strip("/"),
            stack=environment.get("HMS_STACK", DEFAULT_STACK),
        )

"""The environment of the service, read once into one frozen object."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

DEFAULT_TOKEN_MAX_SECONDS = 86_400
DEFAULT_WEBHOOK_HEADER = "x-webhook-secret"
DEFAULT_ATTENDANCE_DAYS = 365
DEFAULT_STACK = "hms"


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """What the environment decides about the service.

    Attributes:
        token_max_seconds: the longest lifetime, in seconds, that `POST /token` grants (`HMS_TOKEN_MAX_SECONDS`).
        accept_app_key: whether the app's own key may call, beside client keys (`HMS_ACCEPT_APP_KEY`: `true`, `false`).
        idempotency_table: DynamoDB table of the idempotency keys; "": none (`HMS_IDEMPOTENCY_TABLE`).
        event_bus: EventBridge bus on which events are published; "": none (`HMS_EVENT_BUS`).
        webhook_header: name of the header in which webhooks carry their secret (`HMS_WEBHOOK_HEADER`).
        webhook_signature: whether webhooks must be signed, too (`HMS_WEBHOOK_SIGNATURE`: `true`, `false`).
        attendance_table: DynamoDB table of attendance; "": none (`HMS_ATTENDANCE_TABLE`).
        attendance_days: for how many days attendance is kept (`HMS_ATTENDANCE_DAYS`).
        base_path: path of a custom domain's API mapping, such as `hms`; "": none (`HMS_BASE_PATH`).
        stack: what metrics call the deployment (`HMS_STACK`).
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
        """Return the settings that the environment names, and defaults for the others.

        Raises:
            ValueError: `HMS_TOKEN_MAX_SECONDS` or `HMS_ATTENDANCE_DAYS` is not a whole number.
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

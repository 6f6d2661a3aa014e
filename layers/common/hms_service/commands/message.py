"""Reads a command from a message, which is the command or an EventBridge event with the command as its detail."""

import re
from collections.abc import Mapping
from typing import Any

from hms.models.base import check
from hms_service.commands.model import ID_PATTERN, Command


def unwrap_message(message: Any, default_id: str) -> tuple[str, Any]:
    """Return the command ID and the command of a message. The command is not checked.

    Args:
        message: a JSON value.
        default_id: ID to use if neither the command nor the event has a valid one.
    """
    if isinstance(message, Mapping) and "detail-type" in message:
        return unwrap_message(message.get("detail"), _read_id(message) or default_id)
    return _read_id(message) or default_id, message


def read_command(command: Any) -> tuple[str, Mapping[str, Any]]:
    """Check a command and return its operation and arguments.

    Raises:
        BadRequestError: The command is invalid. `details` has an entry for each problem.
    """
    check(Command, command, "command", closed=True)
    return command["operation"], command.get("arguments") or {}


def _read_id(message: Any) -> str | None:
    message_id = message.get("id") if isinstance(message, Mapping) else None
    return message_id if isinstance(message_id, str) and re.fullmatch(ID_PATTERN, message_id) else None

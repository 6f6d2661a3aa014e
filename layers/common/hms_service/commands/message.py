"""A message that asks for a command: the command itself, or an EventBridge event whose detail is one."""

import re
from collections.abc import Mapping
from typing import Any

from hms.models.base import check
from hms_service.commands.model import ID_PATTERN, Command


def unwrap_message(message: Any, default_id: str) -> tuple[str, Any]:
    """The id of a message, and the command in it, which may be none.

    Args:
        message: a JSON value.
        default_id: the id where neither the command nor an event has one.
    """
    if isinstance(message, Mapping) and "detail-type" in message:
        return unwrap_message(message.get("detail"), _read_id(message) or default_id)
    return _read_id(message) or default_id, message


def read_command(command: Any) -> tuple[str, Mapping[str, Any]]:
    """The operation that a command names, and its arguments.

    Raises:
        BadRequestError: it is no command; `details` say why.
    """
    check(Command, command, "command", closed=True)
    return command["operation"], command.get("arguments") or {}


def _read_id(message: Any) -> str | None:
    message_id = message.get("id") if isinstance(message, Mapping) else None
    return message_id if isinstance(message_id, str) and re.fullmatch(ID_PATTERN, message_id) else None

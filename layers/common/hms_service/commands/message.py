"""A message that asks for a command: the command itself, or an EventBridge event whose detail is one."""

import re
from collections.abc import Mapping
from typing import Any

from hms.models.base import check
from hms.settings import UnknownFields
from hms_service.commands.model import ID, Command


def unwrap(message: Any, default_id: str) -> tuple[str, Any]:
    """The id of a message, and the command in it, which may be none.

    Args:
        message: a JSON value.
        default_id: the id where neither the command nor an event has one.
    """
    if isinstance(message, Mapping) and "detail-type" in message:
        return unwrap(message.get("detail"), _id_of(message) or default_id)
    return _id_of(message) or default_id, message


def read(command: Any) -> tuple[str, Mapping[str, Any]]:
    """The operation that a command names, and its arguments.

    Raises:
        BadRequest: it is no command; `details` say why.
    """
    check(Command, command, "command", UnknownFields.REFUSE)
    return command["operation"], command.get("arguments") or {}


def _id_of(message: Any) -> str | None:
    found = message.get("id") if isinstance(message, Mapping) else None
    return found if isinstance(found, str) and re.fullmatch(ID, found) else None

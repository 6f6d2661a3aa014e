"""What became of a command, as the bus and whoever invoked the function directly are told: without credentials."""

import re
from dataclasses import dataclass
from typing import Any, Self

from hms.client import Reply
from hms.errors import BadRequest
from hms.strict_json import parse

SECRET_ANSWERS = frozenset(
    {
        "recording_assets.presigned_url",
        "room_codes.create",
        "room_codes.create_for_role",
        "room_codes.list",
        "room_codes.update",
        "stream_keys.create",
        "stream_keys.retrieve",
    }
)
"""Operations whose answer is a credential."""

SECRET_MEMBERS = re.compile(
    r"credentials|headers|meeting_?url|password|\w*presigned_?url|rtmp|rtmp_?urls", re.IGNORECASE
)
"""Members of other answers that are one, or hold one: a bucket's keys, stream keys, room codes, signed links."""

WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a command.

    Attributes:
        id: of the command.
        operation: what it names, where there is such an operation.
        status: HTTP status, of 100ms's answer or of the failure.
        body: the answer's JSON, or the failure in the same envelope.
        omitted: why there is no body though there was one.
        is_unknown: it may have been acted on, or not.
        is_final: it is not tried again.
        reason: what only the log tells of a failure.
    """

    id: str
    operation: str | None
    status: int
    body: Any = None
    omitted: str = ""
    is_unknown: bool = False
    is_final: bool = True
    reason: str = ""

    @classmethod
    def of(
        cls,
        id: str,  # noqa: A002
        operation: str | None,
        reply: Reply,
        *,
        is_unknown: bool = False,
        is_final: bool = True,
        reason: str = "",
    ) -> Self:
        """The outcome that a reply is, its body without credentials."""
        body, omitted = _body(operation, reply)
        return cls(id, operation, reply.status, body, omitted, is_unknown, is_final, reason)

    @property
    def name(self) -> str:
        """Succeeded or failed."""
        return "failed" if self.is_unknown or self.status >= 400 else "succeeded"

    def detail(self) -> dict[str, Any]:
        """What is told of it."""
        told = {"id": self.id, "operation": self.operation, "status": self.status, "body": self.body}
        if self.omitted:
            told["body_omitted"] = self.omitted
        if self.name == "failed":
            told["error"] = self._error()
        if self.is_unknown:
            told["outcome_unknown"] = True
        return told

    def _error(self) -> str:
        if not isinstance(self.body, dict):
            return f"status {self.status}"
        message, details = self.body.get("message"), self.body.get("details")
        return ": ".join([str(message or f"status {self.status}"), *(map(str, details or []))])


def _body(operation: str | None, reply: Reply) -> tuple[Any, str]:
    if not reply.text:
        return None, ""
    if operation in SECRET_ANSWERS and reply.status < 400:
        return None, "a credential"
    try:
        return _without_secrets(parse(reply.text.encode())), ""
    except BadRequest:
        return None, "not JSON"


def _without_secrets(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_secrets(each) for each in value]
    if isinstance(value, dict):
        return {
            name: WITHHELD if each and SECRET_MEMBERS.fullmatch(name) else _without_secrets(each)
            for name, each in value.items()
        }
    return value

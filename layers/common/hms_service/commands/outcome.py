"""What became of a command, as the bus and whoever invoked the function directly are told: without credentials."""

from dataclasses import dataclass
from typing import Any, Self

from hms.errors import BadRequest
from hms.operation import Operation
from hms.strict_json import parse
from hms.types import Reply
from hms_service.redaction import withhold_from_result


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a command.

    Attributes:
        id: of the command.
        operation: name of the operation, if there is one.
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
        operation: Operation | None,
        reply: Reply,
        *,
        is_unknown: bool = False,
        is_final: bool = True,
        reason: str = "",
    ) -> Self:
        """The outcome that a reply is, its body without credentials."""
        body, omitted = _body(operation, reply)
        name = operation.name if operation else None
        return cls(id, name, reply.status, body, omitted, is_unknown, is_final, reason)

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


def _body(operation: Operation | None, reply: Reply) -> tuple[Any, str]:
    if not reply.text:
        return None, ""
    if operation and operation.credential_by_nature and reply.status < 400:
        return None, "a credential"
    try:
        return withhold_from_result(operation, reply.status, parse(reply.text.encode())), ""
    except BadRequest:
        return None, "not JSON"

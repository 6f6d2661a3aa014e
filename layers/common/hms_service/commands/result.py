"""What became of a command, as the bus and whoever invoked the function directly are told: without credentials."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from hms.errors import BadRequestError
from hms.operation import Operation
from hms.strict_json import parse
from hms.types import Response
from hms_service.redaction import redact_result


@dataclass(frozen=True, slots=True)
class CommandResult:
    """What became of a command.

    Attributes:
        id: of the command.
        operation: name of the operation, if there is one.
        status_code: HTTP status, of 100ms's answer or of the failure.
        body: the answer's JSON, or the failure in the same envelope.
        body_omitted: why there is no body though there was one.
        is_outcome_unknown: it may have been acted on, or not.
        is_final: it is not tried again.
        warnings: what was sent although 100ms does not document it, as `<path>=<code>`.
        reason: what only the log tells of a failure.
    """

    id: str
    operation: str | None
    status_code: int
    body: Any = None
    body_omitted: str = ""
    is_outcome_unknown: bool = False
    is_final: bool = True
    warnings: Sequence[str] = ()
    reason: str = ""

    @classmethod
    def from_response(
        cls,
        id: str,  # noqa: A002
        operation: Operation | None,
        response: Response,
        *,
        is_outcome_unknown: bool = False,
        is_final: bool = True,
        warnings: Sequence[str] = (),
        reason: str = "",
    ) -> Self:
        """Returns the result for a response, its body without credentials."""
        body, body_omitted = _redact_body(operation, response)
        name = operation.name if operation else None
        return cls(id, name, response.status_code, body, body_omitted, is_outcome_unknown, is_final, warnings, reason)

    @property
    def outcome(self) -> str:
        """Succeeded or failed."""
        return "failed" if self.is_outcome_unknown or self.status_code >= 400 else "succeeded"

    def to_dict(self) -> dict[str, Any]:
        """What is told of it."""
        detail: dict[str, Any] = {
            "id": self.id,
            "operation": self.operation,
            "status": self.status_code,
            "body": self.body,
        }
        if self.warnings:
            detail["warnings"] = self.warnings
        if self.body_omitted:
            detail["body_omitted"] = self.body_omitted
        if self.outcome == "failed":
            detail["error"] = self._describe_error()
        if self.is_outcome_unknown:
            detail["outcome_unknown"] = True
        return detail

    def _describe_error(self) -> str:
        if not isinstance(self.body, dict):
            return f"status {self.status_code}"
        message, details = self.body.get("message"), self.body.get("details")
        return ": ".join([str(message or f"status {self.status_code}"), *(map(str, details or []))])


def _redact_body(operation: Operation | None, response: Response) -> tuple[Any, str]:
    if not response.text:
        return None, ""
    if operation and operation.credential_reason and response.status_code < 400:
        return None, "a credential"
    try:
        return redact_result(operation, response.status_code, parse(response.text.encode())), ""
    except BadRequestError:
        return None, "not JSON"

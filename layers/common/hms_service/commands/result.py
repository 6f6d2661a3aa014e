"""Result of a command, without credentials, for the bus and for direct callers of the function."""

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
    """Result of a command.

    Attributes:
        id: ID of the command.
        operation: name of the operation; None if the command is invalid.
        status_code: HTTP status of the response or of the error.
        body: JSON body of the response, or the error envelope.
        body_omitted: why the body of the response is missing in `body`; "" if it is not.
        is_outcome_unknown: whether 100ms may or may not have executed the command.
        is_final: False if the command did not run and can be retried.
        warnings: undocumented input that was sent to 100ms, as `<path>=<code>`.
        reason: cause of the error for the log only.
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
        """Create the result for a response. Credentials in the body are replaced."""
        body, body_omitted = _redact_body(operation, response)
        name = operation.name if operation else None
        return cls(id, name, response.status_code, body, body_omitted, is_outcome_unknown, is_final, warnings, reason)

    @property
    def outcome(self) -> str:
        """`succeeded` or `failed`."""
        return "failed" if self.is_outcome_unknown or self.status_code >= 400 else "succeeded"

    def to_dict(self) -> dict[str, Any]:
        """Return the detail of the event on the bus."""
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

"""The log line and the metrics of a request."""

from typing import Any

from aws_lambda_powertools import Logger

from hms.errors import CredentialsUnavailableError, HmsError
from hms.http.stats import UpstreamStats
from hms.problem import Problem
from hms_service.observability.metrics import Metric, MetricsRecorder
from hms_service.warnings import list_for_log


class RequestLog:
    """Fields of a request's log line. Fields that are None are omitted.

    Attributes:
        method: HTTP verb.
        route: rule of the route. The path itself may hold a room code and is not logged.
        caller: access key of the caller, or the `sub` claim of an end user.
        event_id: ID of a webhook.
        event_type: type of a webhook.
        error: class of the returned error.
        reason: cause of the error, which the caller does not see.
        warnings: undocumented input that was sent to 100ms.
        validation: `skipped` or `failed` if a request was sent without validation.
        replayed: whether the response is a stored response for an `Idempotency-Key`.
        status: HTTP status of the response.
        duration_ms: time in the function, in milliseconds.
    """

    def __init__(self) -> None:
        self.method: str | None = None
        self.route: str | None = None
        self.caller: str | None = None
        self.event_id: str | None = None
        self.event_type: str | None = None
        self.error: str | None = None
        self.reason: str | None = None
        self.warnings: list[Problem] = []
        self.validation: str | None = None
        self.replayed: bool | None = None
        self.status: int | None = None
        self.duration_ms: float | None = None

    def record_error(self, error: HmsError) -> None:
        """Record the class and the reason of the returned error."""
        self.error, self.reason = type(error).__name__, error.reason

    def record_validation(self, stats: UpstreamStats) -> None:
        """Record the warnings and the state of the validation."""
        self.warnings += stats.warnings
        self.validation = stats.validation or None

    def to_dict(self) -> dict[str, Any]:
        """Return the fields that have a value."""
        values = {**vars(self), "warnings": list_for_log(self.warnings)}
        return {name: value for name, value in values.items() if value not in (None, [])}


def write(log: RequestLog, stats: UpstreamStats, logger: Logger, metrics: MetricsRecorder) -> None:
    """Write the log line of a request and flush its metrics."""
    status = log.status or 0
    fields = log.to_dict()
    if stats.attempts:
        fields |= {
            "upstream_status": stats.status_code,
            "upstream_attempts": stats.attempts,
            "upstream_ms": stats.milliseconds,
        }
    (logger.error if status >= 500 else logger.info)("request", extra=fields)
    metrics.count(Metric.REQUESTS)
    metrics.count(Metric.SERVER_ERRORS, status >= 500)
    metrics.count(Metric.VALIDATION_WARNINGS, len(log.warnings))
    metrics.count(Metric.VALIDATION_FAILURES, log.validation == "failed")
    metrics.count(Metric.IDEMPOTENT_REPLAYS, bool(log.replayed))
    metrics.count(Metric.CREDENTIAL_FAILURES, log.error == CredentialsUnavailableError.__name__)
    metrics.record(stats)
    metrics.flush()

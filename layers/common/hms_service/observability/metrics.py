"""Metrics of a function in CloudWatch's embedded metric format, by Powertools."""

from collections import Counter
from enum import Enum

from aws_lambda_powertools.metrics import Metrics, MetricUnit

from hms.http.stats import UpstreamStats

NAMESPACE = "hms"


class Metric(Enum):
    """Names of the metrics. The alarms and the dashboard of monitoring.yaml use them."""

    REQUESTS = "Requests"
    SERVER_ERRORS = "ServerErrors"
    UPSTREAM_LATENCY = "UpstreamLatency"
    UPSTREAM_ERRORS = "UpstreamErrors"
    RETRIES = "Retries"
    VALIDATION_WARNINGS = "ValidationWarnings"
    VALIDATION_FAILURES = "ValidationFailures"
    IDEMPOTENT_REPLAYS = "IdempotentReplays"
    CREDENTIAL_FAILURES = "CredentialFailures"
    WEBHOOKS_PUBLISHED = "WebhooksPublished"
    WEBHOOKS_DUPLICATED = "WebhooksDuplicated"
    WEBHOOKS_REJECTED = "WebhooksRejected"
    COMMANDS_SUCCEEDED = "CommandsSucceeded"
    COMMANDS_FAILED = "CommandsFailed"
    COMMANDS_UNKNOWN = "CommandsUnknown"
    COMMANDS_DEFERRED = "CommandsDeferred"
    PUBLISH_FAILURES = "PublishFailures"
    ATTENDANCE_EVENTS_DEFERRED = "AttendanceEventsDeferred"
    ATTENDANCE_EVENTS_DROPPED = "AttendanceEventsDropped"


class MetricsRecorder:
    """Collects the metrics of an invocation. `flush` writes them once for the service and once for the stack.

    Args:
        service: name of the function, such as `rooms`.
        stack: name of the deployment.
    """

    def __init__(self, service: str, stack: str) -> None:
        self._stack = stack
        self._metrics = Metrics(namespace=NAMESPACE, service=service)
        self._metrics.set_default_dimensions(stack=stack)
        self._counts: Counter[Metric] = Counter()
        self._latencies: list[float] = []

    def count(self, metric: Metric, times: int = 1) -> None:
        """Add to a metric. Metrics with a count of 0 are not written."""
        if times:
            self._counts[metric] += times

    def record(self, stats: UpstreamStats) -> None:
        """Add the statistics of requests to 100ms."""
        if stats.calls:
            self._latencies.append(stats.milliseconds)
        self.count(Metric.UPSTREAM_ERRORS, stats.errors)
        self.count(Metric.RETRIES, stats.retries)
        self.count(Metric.CREDENTIAL_FAILURES, stats.auth_failures)

    def flush(self) -> None:
        """Write and reset the metrics. Without metrics, writes nothing."""
        if self._counts or self._latencies:
            self._metrics.add_dimensions(stack=self._stack)
            for metric, times in self._counts.items():
                self._metrics.add_metric(metric.value, MetricUnit.Count, times)
            for milliseconds in self._latencies:
                self._metrics.add_metric(Metric.UPSTREAM_LATENCY.value, MetricUnit.Milliseconds, milliseconds)
            self._metrics.flush_metrics()
            self._metrics.clear_metrics()  # Powertools does not clear if POWERTOOLS_METRICS_DISABLED is set
            self._counts.clear()
            self._latencies.clear()

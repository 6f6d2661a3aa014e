"""Estimates the usage of AWS per call."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from tools.scale import durations
from tools.scale.prices import Price
from tools.scale.stack import Stack

GB = 1e9
MONTH_DAYS = 30

FUNCTION_LOG_BYTES = 800
"""Size of the log line and the metrics of a request, measured and rounded up."""
LAMBDA_LOG_BYTES = 400
"""Size of Lambda's own log lines per invocation: START, END and REPORT."""
ACCESS_LOG_BYTES = 450
"""Size of a line in the API's access log."""
LINE_BYTES = 26
"""Overhead of CloudWatch per log line."""
INVOCATION_LINES = 5

INVOCATION_SECONDS = {
    "call": durations.CALL_SECONDS,
    "join token": durations.MEASURED.token,
    "webhook": durations.WEBHOOK_SECONDS,
    "keeper": durations.KEEPER_SECONDS,
    "command": durations.COMMAND_SECONDS,
}
SENT_BYTES = {"call": 3_000, "join token": 1_500, "webhook": 300, "command": 1_000}
"""Bytes sent to the caller and to 100ms."""
EVENT_BYTES = 2_000
EXTRACT_BYTES = 200
"""Size of an event in the log of the bus."""
RESPONSE_BYTES = 2_000
"""Size of a response stored for an idempotency key."""
ATTENDANCE_EVENT_BYTES = 500
"""Size of an event in the attendance table."""
WEBHOOK_WRITES = 2
"""Writes to the idempotency table: before and after the event is published."""
TOKEN_SECRETS, WEBHOOK_SECRETS = 3, 1
"""SecureStrings that a container reads: the app's key pair and the master of client keys; the webhook secret."""
KEY_LISTS = 4
"""Plain parameters that a container of `tokens` reads: lists of revoked client keys."""
SECRETS_SECONDS, KEY_LIST_SECONDS = 300, 60
"""Age at which a busy container reads them again."""
TRACED_SHARE = 0.05
"""Share of requests that X-Ray's default rule traces, in addition to one per second."""

Usage = Mapping[Price, float]


@dataclass(frozen=True, slots=True)
class Calls:
    """Usage of one call of each kind."""

    stack: Stack

    def usage_by_kind(self) -> dict[str, Usage]:
        """Return the usage by kind of call."""
        call = self._request("call")
        webhook = _sum(self._request("webhook"), {Price.WRITES: WEBHOOK_WRITES}, self._event())
        return {
            "GET": call,
            "join token": self._request("join token"),
            "POST with a key": _sum(call, self._key()),
            "webhook": webhook,
            "webhook of attendance": _sum(webhook, self._attendance()),
            "command": _sum(
                {Price.QUEUE_REQUESTS: 3, Price.DATA_TRANSFER: SENT_BYTES["command"] / GB},
                self._invocation("command"),
                self._key(),
                self._event(),
            ),
        }

    def _request(self, kind: str) -> Usage:
        access = self._logs(ACCESS_LOG_BYTES + LINE_BYTES)
        return _sum({Price.HTTP_API: 1, Price.DATA_TRANSFER: SENT_BYTES[kind] / GB}, access, self._invocation(kind))

    def _invocation(self, kind: str) -> Usage:
        logged = FUNCTION_LOG_BYTES + LAMBDA_LOG_BYTES + INVOCATION_LINES * LINE_BYTES
        use = {Price.LAMBDA_REQUESTS: 1, Price.LAMBDA_TIME: INVOCATION_SECONDS[kind] * self.stack.memory_gb}
        return _sum(use, {Price.TRACES: TRACED_SHARE} if self.stack.is_traced else {}, self._logs(logged))

    def _key(self) -> Usage:
        """Usage of an idempotency record: created, completed with the response and stored for one day."""
        return {Price.WRITES: 3, Price.TABLE_STORAGE: RESPONSE_BYTES / GB / MONTH_DAYS}

    def _event(self) -> Usage:
        """Usage of an event on the bus, in the archive and in the log of the bus."""
        size = EVENT_BYTES / GB
        bus = {
            Price.EVENTS: 1,
            Price.ARCHIVE_INGESTED: size,
            Price.ARCHIVE_STORED: size * self.stack.archive_days / MONTH_DAYS,
        }
        return _sum(bus, self._logs(EXTRACT_BYTES + LINE_BYTES))

    def _attendance(self) -> Usage:
        """Usage of an attendance event: sent by a rule, then received alone in its batch, stored and deleted."""
        size = ATTENDANCE_EVENT_BYTES / GB
        queue = {Price.QUEUE_REQUESTS: 3, Price.WRITES: 1, Price.TABLE_STORAGE: size, Price.BACKUPS: size}
        return _sum(queue, self._invocation("keeper"))

    def _logs(self, size: float) -> Usage:
        return {Price.LOGS_INGESTED: size / GB, Price.LOGS_STORED: size / GB * self.stack.log_days / MONTH_DAYS}


def _sum(*uses: Usage) -> Usage:
    total: Counter[Price] = Counter()
    for use in uses:
        total.update(use)
    return total

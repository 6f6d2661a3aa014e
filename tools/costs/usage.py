"""How much of what a call uses."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from tools.costs.prices import Price
from tools.costs.stack import Stack

GB = 1e9
MONTH_DAYS = 30

FUNCTION_LOG_BYTES = 800
"""The log line and the metrics of a request, as measured, rounded up."""
LAMBDA_LOG_BYTES = 400
"""What Lambda itself logs of an invocation: START, END, REPORT."""
ACCESS_LOG_BYTES = 450
"""The API's access log line of a request."""
LINE_BYTES = 26
"""What CloudWatch adds to each line."""
INVOCATION_LINES = 5

INVOCATION_SECONDS = {"call": 0.2, "webhook": 0.05, "keeper": 0.05, "command": 0.3}
"""How long an invocation takes; most of a call's time is 100ms's."""
SENT_BYTES = {"call": 3_000, "webhook": 300, "command": 1_000}
"""What is sent to the caller and to 100ms."""
EVENT_BYTES = 2_000
EXTRACT_BYTES = 200
"""What the log of the bus has of an event."""
RESPONSE_BYTES = 2_000
"""What an idempotency key keeps."""
ATTENDANCE_EVENT_BYTES = 500
"""What the attendance table keeps of an event."""
TRACED_SHARE = 0.05
"""The share of requests that X-Ray's default rule traces, beyond one a second."""

Usage = Mapping[Price, float]


@dataclass(frozen=True, slots=True)
class Calls:
    """What each kind of call uses, once."""

    stack: Stack

    def usage_by_kind(self) -> dict[str, Usage]:
        """The use by kind of call."""
        call = self._request("call")
        webhook = _sum(self._request("webhook"), {Price.WRITES: 2}, self._event())
        return {
            "GET": call,
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
        """A record that is made, then completed with the answer, and kept for a day."""
        return {Price.WRITES: 3, Price.TABLE_STORAGE: RESPONSE_BYTES / GB / MONTH_DAYS}

    def _event(self) -> Usage:
        """An event on the bus, which goes to the archive, and an extract of it to a log."""
        kept = EVENT_BYTES / GB
        bus = {
            Price.EVENTS: 1,
            Price.ARCHIVE_INGESTED: kept,
            Price.ARCHIVE_STORED: kept * self.stack.archive_days / MONTH_DAYS,
        }
        return _sum(bus, self._logs(EXTRACT_BYTES + LINE_BYTES))

    def _attendance(self) -> Usage:
        """A message that a rule sends, and that a function receives, keeps and deletes, alone in its batch."""
        kept = ATTENDANCE_EVENT_BYTES / GB
        queue = {Price.QUEUE_REQUESTS: 3, Price.WRITES: 1, Price.TABLE_STORAGE: kept, Price.BACKUPS: kept}
        return _sum(queue, self._invocation("keeper"))

    def _logs(self, size: float) -> Usage:
        return {Price.LOGS_INGESTED: size / GB, Price.LOGS_STORED: size / GB * self.stack.log_days / MONTH_DAYS}


def _sum(*uses: Usage) -> Usage:
    total: Counter[Price] = Counter()
    for use in uses:
        total.update(use)
    return total

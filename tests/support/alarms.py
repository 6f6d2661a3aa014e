"""How CloudWatch evaluates an alarm, and what SQS reports about a queue.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
"""

import math
import operator
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

COMPARISONS = {"GreaterThanThreshold": operator.gt, "GreaterThanOrEqualToThreshold": operator.ge}
RECEIVES_OF_A_POISON_PILL = 3
"""SQS reports the age of a message only until it is received for the third time."""


class Value(NamedTuple):
    """A value of a metric."""

    second: int
    metric: str
    value: float = 1


def starts_always(alarm: dict[str, Any], values: Iterable[Value]) -> bool:
    """Return True if the alarm starts, no matter when its periods begin."""
    return all(_starts_at_each_offset(alarm, list(values)))


def starts_ever(alarm: dict[str, Any], values: Iterable[Value]) -> bool:
    """Return True if the alarm starts for at least one beginning of its periods."""
    return any(_starts_at_each_offset(alarm, list(values)))


def _starts_at_each_offset(alarm: dict[str, Any], values: list[Value]) -> Iterator[bool]:
    for offset in range(0, _period(alarm), 60):
        yield _starts(alarm, [value._replace(second=value.second + offset) for value in values])


def _starts(alarm: dict[str, Any], values: list[Value]) -> bool:
    """Return True if enough consecutive periods are beyond the threshold. Periods without data are not."""
    assert alarm["TreatMissingData"] == "notBreaching"
    compare = COMPARISONS[alarm["ComparisonOperator"]]
    periods: dict[int, list[Value]] = {}
    for value in values:
        periods.setdefault(value.second // _period(alarm), []).append(value)
    breaching = set()
    for number, in_period in periods.items():
        datapoint = _datapoint(alarm, in_period)
        if datapoint is not None and compare(datapoint, alarm["Threshold"]):
            breaching.add(number)
    evaluated: int = alarm["EvaluationPeriods"]
    needed: int = alarm.get("DatapointsToAlarm", evaluated)
    return any(len(breaching & set(range(first, first + evaluated))) >= needed for first in breaching)


def _period(alarm: dict[str, Any]) -> int:
    periods = {query["MetricStat"]["Period"] for query in alarm.get("Metrics", []) if "MetricStat" in query}
    (period,) = periods or {alarm["Period"]}
    return int(period)


def _datapoint(alarm: dict[str, Any], values: list[Value]) -> float | None:
    if "Metrics" not in alarm:
        return _statistic(alarm.get("Statistic") or alarm["ExtendedStatistic"], alarm["MetricName"], values)
    stats = {query["Id"]: query["MetricStat"] for query in alarm["Metrics"] if "MetricStat" in query}
    (expression,) = [query["Expression"] for query in alarm["Metrics"] if "Expression" in query]
    inputs = {name: _statistic(stat["Stat"], stat["Metric"]["MetricName"], values) for name, stat in stats.items()}
    if None in inputs.values():
        return None
    return float(eval(expression, {"IF": lambda condition, yes, no: yes if condition else no}, inputs))


def _statistic(statistic: str, metric: str, values: list[Value]) -> float | None:
    found = sorted(value.value for value in values if value.metric == metric)
    if not found:
        return None
    if statistic.startswith("p"):
        return found[math.ceil(len(found) * float(statistic[1:]) / 100) - 1]
    return {"Sum": sum(found), "Maximum": found[-1], "SampleCount": float(len(found))}[statistic]


def deliveries(queue: dict[str, Any]) -> list[int]:
    """Return the seconds at which a queue delivers a message that always fails."""
    return [number * queue["VisibilityTimeout"] for number in range(queue["RedrivePolicy"]["maxReceiveCount"])]


def ages(seconds: int) -> Iterator[Value]:
    """Yield the age of a message that is never received, each minute."""
    for second in range(0, seconds + 1, 60):
        yield Value(second, "ApproximateAgeOfOldestMessage", second)


def ages_of_failing_message(queue: dict[str, Any]) -> Iterator[Value]:
    """Yield the age that SQS reports about a message that always fails, each minute."""
    return ages(deliveries(queue)[RECEIVES_OF_A_POISON_PILL - 1] - 1)


def dead_letters(queue: dict[str, Any]) -> Iterator[Value]:
    """Yield the size of the dead-letter queue, for a message that always fails and one hour after it."""
    moved = deliveries(queue)[-1] + queue["VisibilityTimeout"]
    for second in range(0, moved + 3600, 60):
        yield Value(second, "ApproximateNumberOfMessagesVisible", float(second >= moved))

"""Each alarm starts under the condition that its description names, and not below it."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from tests.http_api import functions, integrations, monitoring, template
from tests.support.alarms import (
    Value,
    ages,
    ages_of_failing_message,
    dead_letters,
    deliveries,
    starts_always,
    starts_ever,
)

ALARMS: dict[str, dict[str, Any]] = {
    name: resource["Properties"]
    for name, resource in (template()["Resources"] | monitoring()["Resources"]).items()
    if resource["Type"] == "AWS::CloudWatch::Alarm"
}
QUEUES = {name: template()["Resources"][f"{name}Queue"]["Properties"] for name in ("Commands", "Attendance")}
MINUTE = 60
HOUR = 3600


class Condition(NamedTuple):
    """When an alarm starts.

    Attributes:
        documented: the words of the alarm's description.
        reached: values that must start the alarm.
        missed: values that must not start it.
    """

    documented: str
    reached: list[Value]
    missed: list[Value]


def each_minute(minutes: int, metric: str, value: float = 1) -> list[Value]:
    return [Value(minute * MINUTE, metric, value) for minute in range(minutes)]


def rate(errors: str, error_count: int, total: str, total_count: int, minutes: int) -> list[Value]:
    """Return errors and calls, spread evenly over time."""
    step = minutes * MINUTE / total_count
    calls = [Value(int(number * step), total) for number in range(total_count)]
    failed = [Value(int(number * minutes * MINUTE / error_count), errors) for number in range(error_count)]
    return calls + failed


def failing(name: str, metric: str) -> list[Value]:
    """Return a metric that counts each delivery of a message that always fails."""
    return [Value(second, metric) for second in deliveries(QUEUES[name])]


def throttles(name: str) -> Iterator[tuple[str, Condition]]:
    yield (
        name.removesuffix("Function") + "ThrottlesAlarm",
        Condition(f"Lambda throttled {name}.", [Value(0, "Throttles")], [Value(0, "Throttles", 0)]),
    )


def failures(metric: str, words: str) -> Condition:
    """Return the condition of an alarm that starts with the first failure."""
    return Condition(words, [Value(0, metric)], [Value(0, metric, 0)])


CRASHES = [Value(0, "Errors"), Value(6 * MINUTE, "Errors")]
CONDITIONS = {
    "ServerErrorsAlarm": Condition(
        "More than 1 % of requests, and at least five, got a 5xx in two consecutive 5-minute periods.",
        rate("5xx", 30, "Count", 1500, 15),
        rate("5xx", 12, "Count", 300, 15),
    ),
    "UpstreamErrorsAlarm": Condition(
        "More than 5 % of calls to 100ms, and at least five, got a 5xx or no response"
        " in two consecutive 5-minute periods.",
        rate("UpstreamErrors", 45, "UpstreamLatency", 300, 15),
        rate("UpstreamErrors", 12, "UpstreamLatency", 300, 15),
    ),
    "LatencyAlarm": Condition(
        "The p99 latency was above 5 seconds for 15 minutes.",
        each_minute(20, "Latency", 5_001),
        each_minute(20, "Latency", 5_000),
    ),
    "CredentialFailuresAlarm": Condition(
        "It happened in two of five minutes.",
        [Value(0, "CredentialFailures"), Value(4 * MINUTE, "CredentialFailures")],
        [Value(0, "CredentialFailures", 9)],
    ),
    "PublishFailuresAlarm": failures("PublishFailures", "was not published on the bus."),
    "CommandsUndeliveredEventsAlarm": failures("FailedInvocations", "could not deliver a command to its queue."),
    "AttendanceUndeliveredEventsAlarm": failures(
        "FailedInvocations", "could not deliver an event to the attendance queue."
    ),
    "EventLogsUndeliveredEventsAlarm": failures(
        "FailedInvocations", "could not deliver an event to the log of the bus."
    ),
    "CommandsDeadLettersAlarm": Condition(
        "in five deliveries.",
        list(dead_letters(QUEUES["Commands"])),
        [Value(0, "ApproximateNumberOfMessagesVisible", 0)],
    ),
    "AttendanceDeadLettersAlarm": Condition(
        "in five deliveries.",
        list(dead_letters(QUEUES["Attendance"])),
        [Value(0, "ApproximateNumberOfMessagesVisible", 0)],
    ),
    "CommandsDeferredAlarm": Condition(
        "Commands did not run in two consecutive 15-minute periods.",
        failing("Commands", "CommandsDeferred")[:3],
        [Value(0, "CommandsDeferred", 100)],
    ),
    "AttendanceDeferredAlarm": Condition(
        "Attendance events were not stored in two consecutive 5-minute periods.",
        failing("Attendance", "AttendanceEventsDeferred")[:3],
        [Value(0, "AttendanceEventsDeferred", 100)],
    ),
    "DeploymentErrorsAlarm": Condition(
        "Functions answered five or more requests with a 5xx in a minute.",
        [Value(0, "ServerErrors")] * 5,
        [Value(0, "ServerErrors")] * 4,
    ),
    "CommandsDelayAlarm": Condition(
        "A command has waited in its queue for 30 minutes.",
        list(ages(30 * MINUTE)),
        list(ages_of_failing_message(QUEUES["Commands"])),
    ),
    "AttendanceDelayAlarm": Condition(
        "An event has waited in the attendance queue for 15 minutes.",
        list(ages(15 * MINUTE)),
        list(ages_of_failing_message(QUEUES["Attendance"])),
    ),
    "CommandsFunctionErrorsAlarm": Condition(
        "CommandsFunction crashed or timed out in two of three 5-minute periods.", CRASHES, CRASHES[:1]
    ),
    "AttendanceKeeperFunctionErrorsAlarm": Condition(
        "AttendanceKeeperFunction crashed or timed out in two of three 5-minute periods.", CRASHES, CRASHES[:1]
    ),
    **dict(condition for name in functions() for condition in throttles(name)),
}


def test_the_condition_of_each_alarm_is_known() -> None:
    assert CONDITIONS.keys() == ALARMS.keys()


@pytest.mark.parametrize("name", CONDITIONS)
def test_the_documented_condition_starts_the_alarm(name: str) -> None:
    condition = CONDITIONS[name]
    assert condition.documented in ALARMS[name]["AlarmDescription"]
    assert starts_always(ALARMS[name], condition.reached)


@pytest.mark.parametrize("name", CONDITIONS)
def test_less_than_the_documented_condition_does_not_start_the_alarm(name: str) -> None:
    assert not starts_ever(ALARMS[name], CONDITIONS[name].missed)


@pytest.mark.parametrize("name", QUEUES)
def test_the_alarm_for_retries_starts_before_that_for_dead_letters(name: str) -> None:
    """The third delivery of a failing message starts it. The fifth is the last one."""
    alarm = ALARMS[f"{name}DeferredAlarm"]
    (metric,) = {alarm["MetricName"]}
    assert starts_always(alarm, failing(name, metric)[:3])
    assert not starts_ever(alarm, failing(name, metric)[:1])


def test_the_age_of_a_queue_does_not_start_an_alarm_for_retries() -> None:
    """SQS leaves out messages that it delivered three times."""
    for name, queue in QUEUES.items():
        assert not starts_ever(ALARMS[f"{name}DelayAlarm"], ages_of_failing_message(queue))


@pytest.mark.parametrize("name", functions())
def test_an_alarm_for_throttles_says_who_is_affected(name: str) -> None:
    description = ALARMS[name.removesuffix("Function") + "ThrottlesAlarm"]["AlarmDescription"]
    if name == "WebhooksFunction":
        consequence = "100ms retries a webhook for 14 seconds only."
    elif name in integrations().values():
        consequence = "Callers got a 503."
    else:
        consequence = "SQS delivers its messages again, up to five times."
    assert description == f"Lambda throttled {name}. {consequence} docs/operations.md#throttlesalarm"

"""What the template promises the operator: alarms, a dashboard and queries that speak of what there is."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from hms_service.observability.metrics import NAMESPACE, Metric
from tests.http_api import ROOT, functions, integrations, template
from tests.support.logs import documented_fields
from tests.support.sam import resources

ALARMS = resources("AWS::CloudWatch::Alarm")
QUERIES = resources("AWS::Logs::QueryDefinition")
OF_AWS = {
    "AWS/ApiGateway": {"Count", "4xx", "5xx", "Latency"},
    "AWS/Lambda": {"Throttles", "Errors", "Duration", "ConcurrentExecutions"},
    "AWS/SQS": {"ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"},
    "AWS/Events": {"FailedInvocations"},
}
KNOWN = {**OF_AWS, NAMESPACE: {metric.value for metric in Metric}}
MOST_METRICS = 10
"""How many CloudWatch takes in one alarm."""

each_alarm = pytest.mark.parametrize("name", ALARMS)
each_query = pytest.mark.parametrize("name", QUERIES)


def metrics_of(alarm: dict[str, Any]) -> list[dict[str, Any]]:
    """The metrics that an alarm watches, by itself or by an expression."""
    if "MetricName" in alarm:
        return [alarm]
    queries = [query["Fn::If"][1] if "Fn::If" in query else query for query in alarm["Metrics"]]
    return [query["MetricStat"]["Metric"] for query in queries if "MetricStat" in query]


def watched() -> Iterator[tuple[str, str, Any]]:
    """Namespace, name and the value of the last dimension of each metric that has an alarm."""
    for alarm in ALARMS.values():
        for metric in metrics_of(alarm["Properties"]):
            yield metric["Namespace"], metric["MetricName"], metric["Dimensions"][-1]["Value"]


@cache
def operations() -> str:
    return (ROOT / "docs" / "operations.md").read_text()


@each_alarm
def test_an_alarm_tells_the_topic_when_it_begins_and_ends_and_can_be_left_out(name: str) -> None:
    alarm = ALARMS[name]
    assert alarm["Condition"] == "MonitoringIsOn"
    assert alarm["Properties"]["AlarmActions"] == alarm["Properties"]["OKActions"] == [{"Ref": "AlarmTopic"}]
    assert alarm["Properties"]["TreatMissingData"] == "notBreaching"


@each_alarm
def test_an_alarm_is_explained_and_names_its_entry_in_the_runbook(name: str) -> None:
    assert name.endswith("Alarm")
    assert ALARMS[name]["Properties"]["AlarmDescription"].endswith(f" docs/operations.md#{name.lower()}")


@each_alarm
def test_an_alarm_watches_metrics_that_there_are_and_not_too_many(name: str) -> None:
    metrics = metrics_of(ALARMS[name]["Properties"])
    assert 0 < len(metrics) <= MOST_METRICS
    for metric in metrics:
        assert metric["MetricName"] in KNOWN[metric["Namespace"]]
        if metric["Namespace"] == NAMESPACE:
            assert metric["Dimensions"] == [{"Name": "stack", "Value": {"Ref": "AWS::StackName"}}]


@each_alarm
def test_an_expression_uses_each_of_its_metrics_and_names_none_that_a_condition_may_leave_out(name: str) -> None:
    queries = ALARMS[name]["Properties"].get("Metrics", [])
    whole = [query["Fn::If"][1] if "Fn::If" in query else query for query in queries]
    expressions = [query["Expression"] for query in whole if "Expression" in query]
    ids = {query["Id"] for query in whole if "MetricStat" in query}
    always = {query["Id"] for query in queries if "MetricStat" in query}
    assert len(expressions) == bool(queries)
    for expression in expressions:
        named = set(re.findall(r"\b[a-z]\w*", expression))
        assert named <= always
        assert "METRICS()" in expression or named == ids
    assert all(query["ReturnData"] is False for query in whole if "MetricStat" in query)


def test_no_alarm_takes_a_value_that_comes_late_for_nothing() -> None:
    """As FILL would: CloudWatch judges the last minute before all of its values are there."""
    queries = [query for alarm in ALARMS.values() for query in alarm["Properties"].get("Metrics", [])]
    assert not [query["Expression"] for query in queries if "FILL" in query.get("Expression", "")]


def test_every_alarm_has_an_entry_in_the_runbook_and_every_entry_its_alarm() -> None:
    assert set(re.findall(r"^### (\w+Alarm)$", operations(), re.MULTILINE)) == ALARMS.keys()


def test_the_alarms_cover_every_function() -> None:
    throttled = {value["Ref"] for _, name, value in watched() if name == "Throttles"}
    assert throttled == functions().keys()
    behind_the_api = set(integrations().values())
    assert ("AWS/ApiGateway", "5xx", {"Ref": "Api"}) in list(watched())
    failing = {value["Ref"] for _, name, value in watched() if name == "Errors"}
    assert failing == functions().keys() - behind_the_api


def test_the_alarms_cover_every_queue_and_every_rule() -> None:
    queues = {value["Fn::GetAtt"][0] for namespace, _, value in watched() if namespace == "AWS/SQS"}
    assert queues == resources("AWS::SQS::Queue").keys()
    rules = {value["Fn::Select"][1]["Fn::Split"][1]["Ref"] for ns, _, value in watched() if ns == "AWS/Events"}
    assert rules == resources("AWS::Events::Rule").keys()


def test_what_must_never_happen_has_an_alarm() -> None:
    own = {name for namespace, name, _ in watched() if namespace == NAMESPACE}
    assert own >= {"PublishFailures", "CredentialFailures", "UpstreamErrors"}


def test_nothing_of_monitoring_is_left_where_it_is_off() -> None:
    costly = ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard", "AWS::SNS::Topic", "AWS::SNS::Subscription")
    conditions = {it["Condition"] for kind in costly for it in resources(kind).values()}
    assert conditions == {"MonitoringIsOn", "AlarmsAreMailed"}
    mailed = template()["Conditions"]["AlarmsAreMailed"]
    assert {"Condition": "MonitoringIsOn"} in mailed["Fn::And"]
    assert template()["Outputs"]["AlarmTopicArn"]["Condition"] == "MonitoringIsOn"


def dashboard() -> Any:
    """The dashboard's body, each variable in place of its value."""
    ((_, it),) = resources("AWS::CloudWatch::Dashboard").items()
    return json.loads(re.sub(r"\${([\w:.]+)}", r"<\1>", it["Properties"]["DashboardBody"]["Fn::Sub"]))


def test_the_dashboard_shows_metrics_that_there_are_and_all_of_our_own() -> None:
    shown: set[tuple[str, str]] = set()
    for widget in dashboard()["widgets"]:
        for metric in widget["properties"]["metrics"]:
            if isinstance(metric[0], dict):
                expression = metric[0]["expression"]
                schema = re.search(r"SEARCH\('{([^,}]+)", expression)
                name = re.search(r'MetricName="(\w+)"', expression)
                assert schema
                assert name
                shown.add((schema[1], name[1]))
            else:
                shown.add((metric[0], metric[1]))
    assert all(name in KNOWN[namespace] for namespace, name in shown)
    assert {name for namespace, name in shown if namespace == NAMESPACE} == KNOWN[NAMESPACE]


def test_the_widgets_of_the_dashboard_do_not_overlap() -> None:
    cells = [
        (widget["x"] + x, widget["y"] + y)
        for widget in dashboard()["widgets"]
        for x in range(widget["width"])
        for y in range(widget["height"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24


@each_query
def test_a_query_asks_for_fields_that_log_lines_have(name: str) -> None:
    query = QUERIES[name]["Properties"]["QueryString"]
    assigned = set(re.findall(r"(?:\bas |\(\?<)(\w+)", query))
    words = re.findall(r"@?\b[a-z_A-Z]+\b", re.sub(r'"[^"]*"|/.*/$', "", query, flags=re.MULTILINE))
    syntax = {"fields", "filter", "parse", "stats", "sort", "by", "as", "and", "or", "desc", "asc", "in"}
    calls = {"count", "sum", "avg", "max", "pct", "latest", "coalesce"}
    discovered = {"@timestamp", "@type", "@message", "@initDuration", "@maxMemoryUsed", "@log"}
    assert set(words) - syntax - calls - assigned - discovered <= documented_fields()


def test_the_query_of_cold_starts_sees_what_a_snapshot_was_restored_in_where_nothing_was_initialised() -> None:
    query = QUERIES["ColdStartsQuery"]["Properties"]["QueryString"]
    pattern = re.search(r"parse @message /(.*)/$", query, re.MULTILINE)
    assert pattern
    restored = re.compile(pattern[1].replace("(?<", "(?P<"))
    report = "REPORT RequestId: 1\tDuration: 3.00 ms\tBilled Duration: 8 ms\tMax Memory Used: 90 MB\t"
    found = restored.search(report + "Restore Duration: 539.32 ms\tBilled Restore Duration: 5 ms\t")
    assert found
    assert found["restored"] == "539.32"
    assert not restored.search(report + "Init Duration: 812.00 ms\t")


@each_query
def test_a_query_has_its_logs_and_its_line_in_the_documentation(name: str) -> None:
    properties = QUERIES[name]["Properties"]
    groups = {group["Fn::If"][1]["Ref"] if "Fn::If" in group else group["Ref"] for group in properties["LogGroupNames"]}
    assert groups <= resources("AWS::Logs::LogGroup").keys()
    title = properties["Name"]["Fn::Sub"].removeprefix("${AWS::StackName}/")
    assert f"| {title} |" in operations()


def test_the_queries_about_requests_read_the_log_of_every_function_behind_the_api() -> None:
    expected = {functions()[name]["LoggingConfig"]["LogGroup"]["Ref"] for name in integrations().values()}
    for name in ("ErrorsQuery", "SlowestQuery", "UpstreamQuery", "CallerQuery", "OneRequestQuery", "ColdStartsQuery"):
        groups = QUERIES[name]["Properties"]["LogGroupNames"]
        assert {each["Fn::If"][1]["Ref"] if "Fn::If" in each else each["Ref"] for each in groups} >= expected


def test_the_metrics_are_those_of_the_documentation() -> None:
    table = operations().partition("## Metrics")[2].partition("## Alarms")[0]
    cells = re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
    assert {name for cell in cells for name in re.findall(r"`(\w+)`", cell)} == KNOWN[NAMESPACE]


def test_every_alarm_that_the_documentation_speaks_of_is_one() -> None:
    pages = [*(ROOT / "docs").rglob("*.md"), ROOT / "README.md"]
    named = {name for page in pages for name in re.findall(r"\b[A-Z]\w+Alarm\b", page.read_text())}
    assert named <= ALARMS.keys()

"""monitoring.yaml: alarms, a dashboard and queries for the stack's resources."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from hms_service.observability.metrics import NAMESPACE, Metric
from tests.http_api import ROOT, functions, integrations, monitoring, template
from tests.support.logs import documented_fields
from tests.support.sam_transform import resources

RESOURCES: dict[str, Any] = monitoring()["Resources"]
ALARMS = {name: resource for name, resource in RESOURCES.items() if resource["Type"] == "AWS::CloudWatch::Alarm"}
QUERIES = {name: resource for name, resource in RESOURCES.items() if resource["Type"] == "AWS::Logs::QueryDefinition"}
NESTED = resources("AWS::CloudFormation::Stack")["MonitoringStack"]
PASSED: dict[str, Any] = NESTED["Properties"]["Parameters"]
OF_AWS = {
    "AWS/ApiGateway": {"Count", "4xx", "5xx", "Latency"},
    "AWS/Lambda": {"Throttles", "Errors", "Duration", "ConcurrentExecutions"},
    "AWS/SQS": {"ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"},
    "AWS/Events": {"FailedInvocations"},
}
KNOWN = {**OF_AWS, NAMESPACE: {metric.value for metric in Metric}}
MOST_METRICS = 10
"""CloudWatch's limit of metrics per alarm."""

each_alarm = pytest.mark.parametrize("name", ALARMS)
each_query = pytest.mark.parametrize("name", QUERIES)


def metrics_of(alarm: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the metrics of an alarm: its own, or those of its expression."""
    if "MetricName" in alarm:
        return [alarm]
    return [query["MetricStat"]["Metric"] for query in alarm["Metrics"] if "MetricStat" in query]


def passed(value: dict[str, str]) -> Any:
    """Return the parent stack's value for a reference to a parameter, without its condition."""
    found = PASSED[value["Ref"]]
    return found["Fn::If"][1] if "Fn::If" in found else found


def watched() -> Iterator[tuple[str, str, Any]]:
    """Return namespace, name and last dimension value of each metric that has an alarm."""
    for alarm in ALARMS.values():
        for metric in metrics_of(alarm["Properties"]):
            yield metric["Namespace"], metric["MetricName"], passed(metric["Dimensions"][-1]["Value"])


def groups_of(query: str) -> set[str]:
    """Return the log groups that a query reads, by logical ID."""
    text = json.dumps(QUERIES[query]["Properties"]["LogGroupNames"])
    parameters = [name for name in PASSED if name.endswith("Logs") and re.search(rf"\b{name}\b", text)]
    return {group for name in parameters for group in re.findall(r"\w+Logs\b", json.dumps(PASSED[name]))}


def entry_of(alarm: str) -> str:
    """Return the runbook's entry for an alarm: its own, or that of its kind, such as ThrottlesAlarm."""
    return max((title for title in entries() if alarm.endswith(title)), key=len)


@cache
def operations() -> str:
    return (ROOT / "docs" / "operations.md").read_text()


@cache
def entries() -> set[str]:
    """Return the titles of the runbook's entries."""
    return set(re.findall(r"^### (\w+Alarm)$", operations(), re.MULTILINE))


def test_the_nested_stack_exists_only_if_monitoring_is_on() -> None:
    assert (ROOT / NESTED["Properties"]["TemplateURL"]).name == "monitoring.yaml"
    assert NESTED["Condition"] == "MonitoringEnabled"


def test_the_nested_stack_gets_the_parameters_that_it_declares() -> None:
    assert PASSED.keys() == monitoring()["Parameters"].keys()
    for name in functions():
        assert passed({"Ref": name}) == {"Ref": name}
    assert PASSED["OidcTokensFunction"] == {"Fn::If": ["OidcEnabled", {"Ref": "OidcTokensFunction"}, ""]}


def test_the_nested_stack_needs_no_further_capability() -> None:
    """A transform would need CAPABILITY_AUTO_EXPAND."""
    assert monitoring().keys() == {"AWSTemplateFormatVersion", "Description", "Parameters", "Conditions", "Resources"}
    assert not re.search(r"Fn::(Transform|ForEach)", json.dumps(monitoring()))
    kinds = {resource["Type"] for resource in RESOURCES.values()}
    assert kinds == {"AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard", "AWS::Logs::QueryDefinition"}


def test_names_in_the_nested_stack_are_free_during_an_update() -> None:
    """During a stack update, an old alarm and its replacement exist at the same time."""
    assert not [name for name, alarm in ALARMS.items() if "AlarmName" in alarm["Properties"]]
    assert RESOURCES["Dashboard"]["Properties"]["DashboardName"] == {"Ref": "AWS::StackName"}
    names = [query["Properties"]["Name"]["Fn::Sub"] for query in QUERIES.values()]
    assert all(name.startswith("${AWS::StackName}/") for name in names)


@each_alarm
def test_an_alarm_notifies_the_topic_when_it_starts_and_when_it_ends(name: str) -> None:
    properties = ALARMS[name]["Properties"]
    assert properties["AlarmActions"] == properties["OKActions"] == [{"Ref": "AlarmTopicArn"}]
    assert passed({"Ref": "AlarmTopicArn"}) == {"Ref": "AlarmTopic"}
    assert properties["TreatMissingData"] == "notBreaching"


@each_alarm
def test_an_alarm_is_explained_and_names_its_entry_in_the_runbook(name: str) -> None:
    assert name.endswith("Alarm")
    entry = entry_of(name).lower()
    assert ALARMS[name]["Properties"]["AlarmDescription"].endswith(f" docs/operations.md#{entry}")


@each_alarm
def test_an_alarm_watches_metrics_that_there_are_and_not_too_many(name: str) -> None:
    metrics = metrics_of(ALARMS[name]["Properties"])
    assert 0 < len(metrics) <= MOST_METRICS
    for metric in metrics:
        assert metric["MetricName"] in KNOWN[metric["Namespace"]]
        if metric["Namespace"] == NAMESPACE:
            assert metric["Dimensions"] == [{"Name": "stack", "Value": {"Ref": "StackName"}}]
            assert PASSED["StackName"] == {"Ref": "AWS::StackName"}


@each_alarm
def test_an_expression_uses_each_of_its_metrics(name: str) -> None:
    queries = ALARMS[name]["Properties"].get("Metrics", [])
    expressions = [query["Expression"] for query in queries if "Expression" in query]
    assert len(expressions) == bool(queries)
    for expression in expressions:
        ids = {query["Id"] for query in queries if "MetricStat" in query}
        assert set(re.findall(r"\b[a-z]\w*", expression)) == ids
    assert all(query["ReturnData"] is False for query in queries if "MetricStat" in query)


def test_no_alarm_takes_a_value_that_comes_late_for_nothing() -> None:
    """FILL replaces missing values, but CloudWatch evaluates the last minute before all values have arrived."""
    queries = [query for alarm in ALARMS.values() for query in alarm["Properties"].get("Metrics", [])]
    assert not [query["Expression"] for query in queries if "FILL" in query.get("Expression", "")]


def test_every_alarm_has_an_entry_in_the_runbook_and_every_entry_its_alarm() -> None:
    assert {entry_of(name) for name in [*ALARMS, "DeploymentErrorsAlarm"]} == entries()


@pytest.mark.parametrize("function", functions())
def test_an_alarm_watches_the_throttles_of_each_function(function: str) -> None:
    alarm = ALARMS[function.removesuffix("Function") + "ThrottlesAlarm"]
    assert alarm["Properties"]["MetricName"] == "Throttles"
    assert alarm["Properties"]["Dimensions"] == [{"Name": "FunctionName", "Value": {"Ref": function}}]
    of_the_function = resources("AWS::Lambda::Function")[function].get("Condition")
    assert alarm.get("Condition") == of_the_function


def test_an_alarm_is_left_out_if_its_function_is() -> None:
    assert monitoring()["Conditions"] == {
        "OidcEnabled": {"Fn::Not": [{"Fn::Equals": [{"Ref": "OidcTokensFunction"}, ""]}]}
    }
    assert [name for name, alarm in ALARMS.items() if "Condition" in alarm] == ["OidcTokensThrottlesAlarm"]


def test_the_alarms_cover_what_each_function_answers() -> None:
    assert ("AWS/ApiGateway", "5xx", {"Ref": "Api"}) in list(watched())
    failing = {value["Ref"] for _, name, value in watched() if name == "Errors"}
    assert failing == functions().keys() - set(integrations().values())


def test_the_alarms_cover_every_queue_and_every_rule() -> None:
    queues = {value["Fn::GetAtt"][0] for namespace, _, value in watched() if namespace == "AWS/SQS"}
    assert queues == resources("AWS::SQS::Queue").keys()
    rules = {tuple(value["Fn::GetAtt"]) for namespace, _, value in watched() if namespace == "AWS/Events"}
    assert rules == {(name, "RuleName") for name in resources("AWS::Events::Rule")}
    assert {name for name, _ in rules} == resources("AWS::Events::Rule").keys()


def test_critical_failures_have_an_alarm() -> None:
    own = {name for namespace, name, _ in watched() if namespace == NAMESPACE}
    assert own >= {"PublishFailures", "CredentialFailures", "UpstreamErrors"}


def test_nothing_of_monitoring_is_left_where_it_is_off() -> None:
    kinds = ("AWS::CloudFormation::Stack", "AWS::CloudWatch::Alarm", "AWS::SNS::Topic", "AWS::SNS::Subscription")
    conditions = {resource["Condition"] for kind in kinds for resource in resources(kind).values()}
    assert not resources("AWS::CloudWatch::Dashboard")
    assert conditions - {"DomainEnabled"} == {"MonitoringEnabled", "AlarmEmailEnabled"}
    mailed = template()["Conditions"]["AlarmEmailEnabled"]
    assert {"Condition": "MonitoringEnabled"} in mailed["Fn::And"]
    assert template()["Outputs"]["AlarmTopicArn"]["Condition"] == "MonitoringEnabled"


def dashboard() -> Any:
    """The dashboard's body with its variables replaced by their values, and with an OIDC issuer."""
    body, variables = RESOURCES["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    condition, oidc_tokens, absent = variables["OidcTokens"]["Fn::If"]
    assert (condition, absent) == ("OidcEnabled", "")
    body = body.replace("${OidcTokens}", oidc_tokens["Fn::Sub"])
    return json.loads(re.sub(r"\${([\w:.]+)}", r"<\1>", body))


def metrics_of_dashboard() -> Iterator[list[Any]]:
    """Yield each metric of the dashboard, such as ["AWS/ApiGateway", "Count", "ApiId", "<Api>"], or its search."""
    for widget in dashboard()["widgets"]:
        before: list[Any] = []
        for metric in widget["properties"]["metrics"]:
            before = before[:3] + metric[1:] if metric[0] == "..." else metric
            yield before


def test_the_dashboard_shows_metrics_that_there_are_and_all_of_our_own() -> None:
    shown: set[tuple[str, str]] = set()
    for metric in metrics_of_dashboard():
        if isinstance(metric[0], dict):
            search = re.fullmatch(
                r"SEARCH\('{(hms),stack,service} MetricName=\"(\w+)\" stack=\"<StackName>\"', 'Sum', 300\)",
                metric[0]["expression"],
            )
            assert search, "a term without a name and quotes also matches other stacks"
            shown.add((search[1], search[2]))
        else:
            shown.add((metric[0], metric[1]))
    assert all(name in KNOWN[namespace] for namespace, name in shown)
    assert {name for namespace, name in shown if namespace == NAMESPACE} == KNOWN[NAMESPACE]


@pytest.mark.parametrize("metric", ["Duration", "Throttles", "ConcurrentExecutions"])
def test_the_dashboard_shows_each_function_of_this_stack_only(metric: str) -> None:
    shown = [shown[3] for shown in metrics_of_dashboard() if shown[:3] == ["AWS/Lambda", metric, "FunctionName"]]
    assert sorted(shown) == sorted(f"<{name}>" for name in functions())


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
    calls = {"count", "sum", "avg", "max", "pct", "latest", "coalesce", "ispresent"}
    discovered = {"@timestamp", "@type", "@message", "@initDuration", "@maxMemoryUsed", "@log"}
    assert set(words) - syntax - calls - assigned - discovered <= documented_fields()


def test_the_query_of_cold_starts_includes_restored_snapshots() -> None:
    query = QUERIES["ColdStartsQuery"]["Properties"]["QueryString"]
    pattern = re.search(r"parse @message /(.*)/$", query, re.MULTILINE)
    assert pattern
    restored = re.compile(pattern[1].replace("(?<", "(?P<"))
    report = "REPORT RequestId: 1\tDuration: 3.00 ms\tBilled Duration: 8 ms\tMax Memory Used: 90 MB\t"
    found = restored.search(report + "Restore Duration: 539.32 ms\tBilled Restore Duration: 5 ms\t")
    assert found
    assert found["restored"] == "539.32"
    assert not restored.search(report + "Init Duration: 812.00 ms\t")


def test_the_query_of_warnings_reads_all_warnings_of_a_line() -> None:
    query = QUERIES["WarningsQuery"]["Properties"]["QueryString"]
    pattern = re.search(r"parse @message /(.*)/$", query, re.MULTILINE)
    assert pattern
    found = re.search(
        pattern[1].replace("(?<", "(?P<"), '{"route":"/rooms","warnings":["name=pattern","*=unknown"],"status":200}'
    )
    assert found
    assert found["problems"] == '"name=pattern","*=unknown"'


@each_query
def test_a_query_has_its_logs_and_its_line_in_the_documentation(name: str) -> None:
    properties = QUERIES[name]["Properties"]
    assert groups_of(name)
    assert groups_of(name) <= resources("AWS::Logs::LogGroup").keys()
    title = properties["Name"]["Fn::Sub"].removeprefix("${AWS::StackName}/")
    assert f"| {title} |" in operations()


def test_the_request_queries_read_the_logs_of_all_functions_of_the_api() -> None:
    expected = {functions()[name]["LoggingConfig"]["LogGroup"]["Ref"] for name in integrations().values()}
    for name in ("ErrorsQuery", "SlowestQuery", "UpstreamQuery", "WarningsQuery", "CallerQuery"):
        assert groups_of(name) == expected
    every = {properties["LoggingConfig"]["LogGroup"]["Ref"] for properties in functions().values()}
    for name in ("OneRequestQuery", "ColdStartsQuery"):
        assert groups_of(name) == every


def test_the_metrics_are_those_of_the_documentation() -> None:
    table = operations().partition("## Metrics")[2].partition("## Alarms")[0]
    cells = re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
    assert {name for cell in cells for name in re.findall(r"`(\w+)`", cell)} == KNOWN[NAMESPACE]


def test_every_alarm_that_the_documentation_speaks_of_is_one() -> None:
    pages = [*(ROOT / "docs").rglob("*.md"), ROOT / "README.md"]
    named = {name for page in pages for name in re.findall(r"\b[A-Z]\w+Alarm\b", page.read_text())}
    assert named <= ALARMS.keys() | entries() | resources("AWS::CloudWatch::Alarm").keys()

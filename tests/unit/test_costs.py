"""The costs of the stack in docs/operations.md."""

from typing import Any

import pytest

from tests.http_api import ROOT, monitoring, template
from tools.scale.costs import build_section, replace_section
from tools.scale.prices import MILLION, Price
from tools.scale.stack import Stack
from tools.scale.usage import Calls

PAGE = (ROOT / "docs" / "operations.md").read_text()


def with_resources(**resources: Any) -> Stack:
    """Return the stack with additional resources."""
    return Stack({**template(), "Resources": {**template()["Resources"], **resources}}, monitoring())


def usd(kind: str) -> float:
    return sum(
        price.cost(quantity * MILLION)
        for price, quantity in Calls(Stack(template(), monitoring())).usage_by_kind()[kind].items()
    )


def test_the_page_has_the_section_that_make_costs_computes() -> None:
    assert build_section(Stack.from_template()) in PAGE, "run `make scale`"


def test_the_section_takes_the_place_of_an_older_one_and_of_nothing_else() -> None:
    stack = Stack.from_template()
    older = "# Page\n\n## Before\n\nstays\n\n## Costs\n\n**old**\n\n### also old\n\n## After\n\nstays\n"
    newer = replace_section(older, stack)
    assert newer == f"# Page\n\n## Before\n\nstays\n\n{build_section(stack)}\n## After\n\nstays\n"
    assert replace_section(newer, stack) == newer
    assert replace_section(PAGE, stack) == PAGE


def test_an_alarm_counts_for_each_metric_that_it_looks_at() -> None:
    before = Stack(template(), monitoring()).alarm_metrics
    metric = {"MetricStat": {"Metric": {"MetricName": "Errors"}}}
    rate = {"Expression": "a / b"}
    one = {"Type": "AWS::CloudWatch::Alarm", "Properties": {"MetricName": "Errors"}}
    two = {"Type": "AWS::CloudWatch::Alarm", "Properties": {"Metrics": [rate, metric, metric]}}
    assert with_resources(One=one).alarm_metrics == before + 1
    assert with_resources(Two=two).alarm_metrics == before + 2
    assert with_resources(Optional={**one, "Condition": "OidcEnabled"}).alarm_metrics == before


def test_an_idle_stack_pays_for_alarms_dashboards_and_polled_queues() -> None:
    before, after = (
        Stack(template(), monitoring()),
        with_resources(
            More={"Type": "AWS::CloudWatch::Dashboard"},
            Other={"Type": "AWS::CloudWatch::Alarm", "Properties": {}},
        ),
    )
    difference = idle(after) - idle(before)
    assert difference == pytest.approx(3.10)
    assert before.running_event_source_mappings == 2


def idle(stack: Stack) -> float:
    line = next(line for line in build_section(stack).splitlines() if line.startswith("| **total**"))
    return float(line.strip("|* ").rpartition("**")[2])


def test_a_million_plain_calls_cost_what_their_parts_do() -> None:
    assert Stack(template(), monitoring()).memory_gb == 0.5
    calls = 1.00 + 0.20 + 0.2 * 0.5 * 13.3334
    logs = (800 + 400 + 5 * 26 + 450 + 26) / 1000 * (0.50 + 0.03)
    traces = 0.05 * 5.00
    sent = 3 * 0.09
    assert usd("GET") == pytest.approx(calls + logs + traces + sent)


def test_a_key_adds_its_writes_and_a_day_of_storage() -> None:
    assert usd("POST with a key") - usd("GET") == pytest.approx(3 * 0.625 + 2 * 0.25 / 30)


def test_tracing_is_paid_where_the_template_turns_it_on() -> None:
    function = {**template()["Globals"]["Function"], "Tracing": "Active"}
    traced = Calls(Stack({**template(), "Globals": {"Function": function}}, monitoring())).usage_by_kind()["GET"]
    assert Price.TRACES.cost(traced[Price.TRACES] * MILLION) == pytest.approx(0.25)


@pytest.mark.parametrize("price", Price)
def test_a_price_has_its_page_at_aws(price: Price) -> None:
    assert price.source.startswith("https://aws.amazon.com/")
    assert price.usd >= 0

"""template.yaml: the schedule that provisions containers of the tokens function before an event."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.http_api import ROOT, chosen_path, template
from tests.support.sam_transform import resources
from tools.samconfig import read_overrides
from tools.scale.settings import MAX_WARM_CONTAINERS

KIND = "AWS::ApplicationAutoScaling::ScalableTarget"
PARAMETERS: dict[str, Any] = template()["Parameters"]
RULES: dict[str, Any] = template()["Rules"]


def target() -> dict[str, Any]:
    """The only scalable target of the stack."""
    (found,) = resources(KIND).values()
    return found


FUNCTIONS: dict[str, Callable[[list[Any]], bool]] = {
    "Fn::Equals": lambda values: values[0] == values[1],
    "Fn::Not": lambda values: not values[0],
    "Fn::And": all,
    "Fn::Or": any,
}
"""The intrinsic functions of conditions and rules."""


def evaluate(expression: Any, values: Mapping[str, str]) -> Any:
    """Evaluate a condition or an assertion with these parameters. The others have their defaults."""
    if not isinstance(expression, dict):
        return str(expression)
    ((function, arguments),) = expression.items()
    if function == "Ref":
        return values.get(arguments, str(PARAMETERS[arguments]["Default"]))
    if function == "Condition":
        return evaluate(template()["Conditions"][arguments], values)
    return FUNCTIONS[function]([evaluate(argument, values) for argument in arguments])


def refused(**values: str) -> list[str]:
    """Return the descriptions of the assertions that these parameters fail."""
    return [
        assertion["AssertDescription"]
        for rule in RULES.values()
        if evaluate(rule["RuleCondition"], values)
        for assertion in rule["Assertions"]
        if not evaluate(assertion["Assert"], values)
    ]


def capacity(**values: str) -> dict[str, Any]:
    """Return the properties of the target with these parameters, with its conditions resolved."""

    def resolve(value: Any) -> Any:
        if isinstance(value, list):
            return [resolve(item) for item in value]
        if not isinstance(value, dict):
            return value
        if "Fn::If" in value:
            condition, yes, no = value["Fn::If"]
            return resolve(yes if evaluate({"Condition": condition}, values) else no)
        if value.keys() == {"Ref"} and value["Ref"] in PARAMETERS:
            return evaluate(value, values)
        return {name: resolve(item) for name, item in value.items()}

    found: dict[str, Any] = resolve(target()["Properties"])
    return found


SCHEDULED = {
    "TokensProvisionedConcurrency": "200",
    "WarmFrom": "cron(50 9 * * ? *)",
    "WarmUntil": "cron(20 10 * * ? *)",
    "WarmTimezone": "Europe/Berlin",
}


def test_the_target_is_the_alias_that_serves_join_tokens_and_code_exchanges() -> None:
    properties = target()["Properties"]
    assert properties["ServiceNamespace"] == "lambda"
    assert properties["ScalableDimension"] == "lambda:function:ProvisionedConcurrency"
    assert properties["ResourceId"] == {"Fn::Sub": "function:${TokensFunction}:live"}
    alias = resources("AWS::Lambda::Alias")[target()["DependsOn"]]["Properties"]
    assert (alias["FunctionName"], alias["Name"]) == ({"Ref": "TokensFunction"}, "live")
    events = template()["Resources"]["TokensFunction"]["Properties"]["Events"].values()
    assert {"/token", "/v2/token"} <= {event["Properties"]["Path"] for event in events}
    assert chosen_path("/v2/token") == "/v2/token"


def test_the_service_linked_role_scales_it_so_the_stack_creates_none() -> None:
    assert "RoleARN" not in target()["Properties"]


def test_nothing_is_provisioned_by_default() -> None:
    assert target()["Condition"] == "WarmUpEnabled"
    assert not evaluate({"Condition": "WarmUpEnabled"}, {})
    assert refused() == []


def test_the_scale_model_knows_the_maximum() -> None:
    assert PARAMETERS["TokensProvisionedConcurrency"]["MaxValue"] == MAX_WARM_CONTAINERS


def test_with_a_schedule_containers_are_warm_between_its_times_only() -> None:
    properties = capacity(**SCHEDULED)
    assert (properties["MinCapacity"], properties["MaxCapacity"]) == (0, 0)
    start, end = properties["ScheduledActions"]
    assert start["ScalableTargetAction"] == {"MinCapacity": "200", "MaxCapacity": "200"}
    assert end["ScalableTargetAction"] == {"MinCapacity": 0, "MaxCapacity": 0}
    assert (start["Schedule"], end["Schedule"]) == (SCHEDULED["WarmFrom"], SCHEDULED["WarmUntil"])
    assert start["Timezone"] == end["Timezone"] == "Europe/Berlin"
    assert start["ScheduledActionName"] != end["ScheduledActionName"]
    assert refused(**SCHEDULED) == []


def test_the_documented_parameters_are_allowed_and_survive_the_quotes_of_samconfig(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "operations.md").read_text()
    (overrides,) = re.findall(r"^ *(parameter_overrides = .*TokensProvisionedConcurrency.*)$", page, re.MULTILINE)
    (tmp_path / "samconfig.toml").write_text(f"version = 0.1\n[default.global.parameters]\n{overrides}\n")
    values = read_overrides("default", tmp_path)
    assert values == SCHEDULED
    assert all(re.fullmatch(PARAMETERS[name].get("AllowedPattern", ".*"), value) for name, value in values.items())


def test_without_a_schedule_containers_are_always_warm() -> None:
    properties = capacity(TokensProvisionedConcurrency="5")
    assert (properties["MinCapacity"], properties["MaxCapacity"]) == ("5", "5")
    assert properties["ScheduledActions"] == {"Ref": "AWS::NoValue"}
    assert refused(TokensProvisionedConcurrency="5") == []


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({**SCHEDULED, "SnapStart": "PublishedVersions"}, "SnapStart"),
        ({"TokensProvisionedConcurrency": "5", "SnapStart": "PublishedVersions"}, "SnapStart"),
        ({**SCHEDULED, "ReservedConcurrency": "50"}, "ReservedConcurrency"),
        ({**SCHEDULED, "WarmUntil": ""}, "WarmUntil"),
        ({**SCHEDULED, "WarmFrom": ""}, "WarmFrom"),
        ({**SCHEDULED, "TokensProvisionedConcurrency": "0"}, "TokensProvisionedConcurrency"),
    ],
)
def test_a_rule_refuses_what_would_fail_later_or_warm_nothing(values: dict[str, str], named: str) -> None:
    (description,) = refused(**values)
    assert named in description


@pytest.mark.parametrize(
    "values",
    [
        {"SnapStart": "PublishedVersions"},
        {"ReservedConcurrency": "50"},
        {**SCHEDULED, "WebhooksReservedConcurrency": "50"},
    ],
)
def test_the_rules_leave_other_parameters_alone(values: dict[str, str]) -> None:
    assert refused(**values) == []


def test_the_alias_declares_no_capacity_of_its_own() -> None:
    """A deployment fails if the template declares provisioned concurrency that the schedule has removed."""
    assert not [
        name
        for name, alias in resources("AWS::Lambda::Alias").items()
        if "ProvisionedConcurrencyConfig" in alias["Properties"]
    ]


@pytest.mark.parametrize("parameter", ["WarmFrom", "WarmUntil"])
@pytest.mark.parametrize(
    ("value", "is_allowed"),
    [
        ("", True),
        ("cron(50 9 * * ? *)", True),
        ("cron(50 9 ? * MON-FRI *)", True),
        ("at(2026-12-01T09:50:00)", True),
        ("at(2026-12-01T09:50)", False),
        ("cron(50 9 * * *)", False),
        ("50 9 * * ? *", False),
        ("rate(1 day)", False),
    ],
)
def test_a_schedule_has_the_form_that_application_auto_scaling_takes(
    parameter: str, value: str, is_allowed: bool
) -> None:
    assert bool(re.fullmatch(PARAMETERS[parameter]["AllowedPattern"], value)) is is_allowed


@pytest.mark.parametrize(
    ("value", "is_allowed"),
    [("UTC", True), ("Europe/Berlin", True), ("America/Argentina/Ushuaia", True), ("Etc/GMT+9", True), ("", False)],
)
def test_a_time_zone_is_the_name_of_one(value: str, is_allowed: bool) -> None:
    assert bool(re.fullmatch(PARAMETERS["WarmTimezone"]["AllowedPattern"], value)) is is_allowed

"""Functions after deployment: their versions, callers and permissions."""

import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import pytest

from tests.http_api import ROOT, functions, integrations, template
from tests.support.sam_transform import packaged, resources, transform, transformed

LAMBDAS = resources("AWS::Lambda::Function")
MANAGED = "arn:${AWS::Partition}:iam::aws:policy/"
WRITES_LOGS_AND_TRACES = {f"{MANAGED}service-role/AWSLambdaBasicExecutionRole", f"{MANAGED}AWSXrayWriteOnlyAccess"}
"""AWS managed policies that SAM attaches."""

BEHIND_QUEUES = {"CommandsFunction", "AttendanceKeeperFunction"}

each_function = pytest.mark.parametrize("name", functions())


def arn(policy: Any) -> str:
    """Return a managed policy's ARN from either form that SAM writes."""
    if isinstance(policy, str):
        return policy.replace("arn:aws:", "arn:${AWS::Partition}:")
    return str(policy.get("Fn::Sub", ""))


@each_function
def test_a_function_is_traced_and_logs_as_json_to_its_own_group(name: str) -> None:
    properties = LAMBDAS[name]["Properties"]
    assert properties["TracingConfig"] == {"Mode": "Active"}
    (group,) = properties["LoggingConfig"]["LogGroup"].values()
    assert group in resources("AWS::Logs::LogGroup")
    assert LAMBDAS[name].get("Condition") == resources("AWS::Logs::LogGroup")[group].get("Condition")


@pytest.mark.parametrize("name", sorted(functions().keys() - BEHIND_QUEUES))
def test_a_function_may_do_what_its_policies_say_and_what_sam_adds_by_name(name: str) -> None:
    role = resources("AWS::IAM::Role")[f"{name}Role"]["Properties"]
    assert "Policies" not in role
    attached = role["ManagedPolicyArns"]
    own = [policy["Ref"] for policy in attached if isinstance(policy, dict) and "Ref" in policy]
    assert own == [policy["Ref"] for policy in functions()[name].get("Policies", [])]
    others = {arn(policy) for policy in attached if not (isinstance(policy, dict) and "Ref" in policy)}
    assert others == WRITES_LOGS_AND_TRACES


@each_function
def test_who_calls_a_function_calls_its_alias(name: str) -> None:
    alias = {"Ref": f"{name}Aliaslive"}
    permissions = [resource["Properties"]["FunctionName"] for resource in resources("AWS::Lambda::Permission").values()]
    mappings = [
        resource["Properties"]["FunctionName"] for resource in resources("AWS::Lambda::EventSourceMapping").values()
    ]
    assert [target for target in permissions + mappings if target == {"Ref": name}] == []
    assert alias in permissions + mappings
    assert resources("AWS::Lambda::Alias")[f"{name}Aliaslive"]["Properties"]["Name"] == "live"


def test_the_api_calls_aliases_only() -> None:
    uris = set(re.findall(r"functions/\${(\w+)(?:\.Arn)?}/invocations", str(transformed()["Resources"]["Api"])))
    assert uris == {f"{name}Aliaslive" for name in integrations().values()}


@pytest.mark.parametrize("kind", ["AWS::Lambda::Version", "AWS::Lambda::LayerVersion"])
def test_a_version_stays_when_another_takes_its_place(kind: str) -> None:
    assert resources(kind)
    assert {resource["DeletionPolicy"] for resource in resources(kind).values()} == {"Retain"}


@each_function
def test_a_function_has_a_sample_event(name: str) -> None:
    folder = Path(functions()[name]["CodeUri"]).name
    assert list((ROOT / "events" / folder).glob("*.json"))


@each_function
def test_snapshots_and_reserved_concurrency_are_optional(name: str) -> None:
    properties = LAMBDAS[name]["Properties"]
    assert properties["SnapStart"] == {"ApplyOn": {"Ref": "SnapStart"}}
    assert template()["Parameters"]["SnapStart"]["Default"] == "None"
    none = {"Ref": "AWS::NoValue"}
    shared = {"Fn::If": ["ReservedConcurrencyEnabled", {"Ref": "ReservedConcurrency"}, none]}
    own = {"Fn::If": ["WebhooksReservedConcurrencyEnabled", {"Ref": "WebhooksReservedConcurrency"}, shared]}
    special = {"WebhooksFunction": own, **dict.fromkeys(BEHIND_QUEUES, none)}
    assert properties["ReservedConcurrentExecutions"] == special.get(name, shared)


def test_only_functions_with_queues_never_reserve_concurrency() -> None:
    fed = {
        resource["Properties"]["FunctionName"]["Ref"]
        for resource in resources("AWS::Lambda::EventSourceMapping").values()
    }
    assert fed == {f"{name}Aliaslive" for name in BEHIND_QUEUES}


def test_a_stack_needs_no_parameter_and_what_is_free_text_is_bounded() -> None:
    for name, parameter in template()["Parameters"].items():
        assert "Default" in parameter, name
        assert parameter.keys() & {"AllowedValues", "AllowedPattern", "MinValue"}, name


@each_function
def test_codedeploy_moves_the_alias_and_an_alarm_moves_it_back(name: str) -> None:
    alias = resources("AWS::Lambda::Alias")[f"{name}Aliaslive"]
    update = alias["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]
    assert update["DeploymentGroupName"] == {"Ref": f"{name}DeploymentGroup"}
    group = resources("AWS::CodeDeploy::DeploymentGroup")[f"{name}DeploymentGroup"]
    assert group.get("Condition") == alias.get("Condition") == LAMBDAS[name].get("Condition")
    alarms = {"Enabled": True, "Alarms": [{"Name": {"Ref": "DeploymentErrorsAlarm"}}]}
    assert group["Properties"]["AlarmConfiguration"] == {"Fn::If": ["MonitoringEnabled", alarms, {}]}
    assert "DEPLOYMENT_STOP_ON_ALARM" in group["Properties"]["AutoRollbackConfiguration"]["Events"]


@pytest.mark.parametrize("preference", template()["Parameters"]["DeploymentPreference"]["AllowedValues"])
def test_each_deployment_preference_is_one_of_codedeploy(preference: str) -> None:
    chosen = packaged()
    chosen["Parameters"]["DeploymentPreference"]["Default"] = preference
    group = transform(chosen)["Resources"]["RoomsFunctionDeploymentGroup"]["Properties"]
    expected = {"Fn::Sub": ["CodeDeployDefault.Lambda${ConfigName}", {"ConfigName": preference}]}
    assert group["DeploymentConfigName"] == expected


def references(value: Any) -> Iterator[str]:
    """Yield the logical IDs that a value refers to."""
    if isinstance(value, list):
        for member in value:
            yield from references(member)
    elif isinstance(value, dict):
        for key, member in value.items():
            if key == "Fn::GetAtt":
                yield member[0] if isinstance(member, list) else member.partition(".")[0]
            elif key == "Ref":
                yield member
            elif key == "Fn::Sub":
                text, variables = member if isinstance(member, list) else (member, {})
                yield from (name for name in re.findall(r"\${(\w+)[.\w]*}", text) if name not in variables)
                yield from references(variables)
            elif key == "DependsOn":
                yield from [member] if isinstance(member, str) else member
            else:
                yield from references(member)


def test_no_resource_refers_to_itself_through_others() -> None:
    """CloudFormation refuses a cycle. SAM and cfn-lint do not see those that SAM's transform creates."""
    all_ = transformed()["Resources"]
    graph = {name: set(references(resource)) & all_.keys() for name, resource in all_.items()}
    assert "DeploymentErrorsAlarm" in graph["RoomsFunctionDeploymentGroup"]
    assert len(list(TopologicalSorter(graph).static_order())) == len(all_)

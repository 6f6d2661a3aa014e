"""Permissions of each role in the template after SAM's transform."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.sam_transform import resources, transformed

AWS_POLICIES = {
    "service-role/AWSLambdaBasicExecutionRole",  # the functions' own logs; SAM attaches it
    "service-role/AWSCodeDeployRoleForLambda",  # CodeDeploy moves the aliases; SAM attaches it
    "AWSXrayWriteOnlyAccess",  # X-Ray has no resource-level permissions
}
"""AWS managed policies with `Resource: "*"` that a role may have. No others are allowed."""

OWN_QUEUES = {"CommandsRole": "CommandsQueue", "AttendanceKeeperRole": "AttendanceQueue"}
QUEUE_ACTIONS = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
LOG_ACTIONS = ["logs:CreateLogStream", "logs:PutLogEvents"]


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def policies() -> Iterator[tuple[str, dict[str, Any]]]:
    """Return every policy with an Allow statement, by logical ID of its resource."""
    for name, resource in transformed()["Resources"].items():
        properties = resource.get("Properties", {})
        for policy in properties.get("Policies", []) if resource["Type"] == "AWS::IAM::Role" else []:
            yield name, policy["PolicyDocument"]
        for key in ("PolicyDocument", "ResourcePolicyDocument"):
            if key in properties:
                yield name, properties[key]


def statements(name: str) -> list[dict[str, Any]]:
    return [statement for holder, policy in policies() if holder == name for statement in policy["Statement"]]


EVERY = [(name, statement) for name, policy in policies() for statement in policy["Statement"]]
ALL = [(name, statement) for name, statement in EVERY if statement["Effect"] == "Allow"]
DENIED = [(name, statement) for name, statement in EVERY if statement["Effect"] == "Deny"]
UNENCRYPTED = {"Bool": {"aws:SecureTransport": "false"}}


def test_the_policies_of_roles_queues_and_logs_are_all_read() -> None:
    holders = {name for name, _ in ALL}
    assert holders >= {*OWN_QUEUES, "IdempotencyTablePolicy", "CommandsRuleTargetQueuePolicy", "SchedulerRole"}
    kinds = {transformed()["Resources"][name]["Type"] for name in holders}
    assert kinds == {
        "AWS::IAM::Role",
        "AWS::IAM::ManagedPolicy",
        "AWS::SQS::QueuePolicy",
        "AWS::SNS::TopicPolicy",
        "AWS::Logs::LogGroup",
    }


@pytest.mark.parametrize(("name", "statement"), ALL, ids=lambda value: value if isinstance(value, str) else "")
def test_a_statement_names_each_action_and_each_resource(name: str, statement: dict[str, Any]) -> None:
    assert not {"NotAction", "NotResource", "NotPrincipal"} & statement.keys()
    assert not [action for action in as_list(statement["Action"]) if "*" in action], name
    targets = [json.dumps(target) for target in as_list(statement["Resource"])]
    assert not [target for target in targets if "*" in re.sub(r'(:log-group:[^*]+:)\*"', r'\1"', target)], name
    assert "*" not in json.dumps(statement.get("Principal", "")), name


@pytest.mark.parametrize("name", resources("AWS::IAM::Role"))
def test_a_role_has_no_policy_of_awss_but_those_named(name: str) -> None:
    role = resources("AWS::IAM::Role")[name]["Properties"]
    for policy in role.get("ManagedPolicyArns", []):
        if isinstance(policy, dict) and "Ref" in policy:
            assert policy["Ref"] in resources("AWS::IAM::ManagedPolicy")
        else:
            arn = policy["Fn::Sub"] if isinstance(policy, dict) else policy
            assert arn.partition("aws:policy/")[2] in AWS_POLICIES


@pytest.mark.parametrize(("role", "queue"), OWN_QUEUES.items())
def test_a_function_behind_a_queue_takes_messages_of_that_queue_alone(role: str, queue: str) -> None:
    function = role.removesuffix("Role")
    assert resources("AWS::Lambda::Function")[f"{function}Function"]["Properties"]["Role"] == {
        "Fn::GetAtt": [role, "Arn"]
    }
    assert f"{function}FunctionRole" not in resources("AWS::IAM::Role")
    assert statements(role) == [
        {"Effect": "Allow", "Action": QUEUE_ACTIONS, "Resource": {"Fn::GetAtt": [queue, "Arn"]}},
        {"Effect": "Allow", "Action": LOG_ACTIONS, "Resource": {"Fn::GetAtt": [f"{function}Logs", "Arn"]}},
    ]


@pytest.mark.parametrize(
    ("role", "own"),
    [
        ("CommandsRole", ["AppKeyPolicy", "IdempotencyTablePolicy", "EventBusPolicy"]),
        ("AttendanceKeeperRole", ["AttendanceWritePolicy"]),
    ],
)
def test_a_role_of_the_template_may_trace_and_do_its_work(role: str, own: list[str]) -> None:
    properties = resources("AWS::IAM::Role")[role]["Properties"]
    tracing, *others = properties["ManagedPolicyArns"]
    assert tracing == {"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/AWSXrayWriteOnlyAccess"}
    assert others == [{"Ref": name} for name in own]
    (trusted,) = properties["AssumeRolePolicyDocument"]["Statement"]
    assert (trusted["Principal"], trusted["Action"]) == ({"Service": "lambda.amazonaws.com"}, "sts:AssumeRole")


def test_no_other_role_receives_or_deletes_messages() -> None:
    allowed = {name for name, item in ALL for action in as_list(item["Action"]) if action in QUEUE_ACTIONS}
    assert allowed == set(OWN_QUEUES)


def test_records_of_idempotency_keys_are_one_sections() -> None:
    (statement,) = statements("IdempotencyTablePolicy")
    assert statement["Resource"] == {"Fn::GetAtt": ["IdempotencyTable", "Arn"]}
    assert statement["Condition"] == {
        "ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["${aws:PrincipalTag/hms-section}#*"]},
        "Null": {"dynamodb:LeadingKeys": "false"},
    }
    others = [name for name, item in ALL if item["Resource"] == statement["Resource"]]
    assert others == ["IdempotencyTablePolicy"]


def test_queues_and_the_topic_refuse_unencrypted_transport() -> None:
    """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html."""
    refusing: set[str] = set()
    for name, statement in DENIED:
        properties = transformed()["Resources"][name]["Properties"]
        addressed = [target["Ref"] for target in properties.get("Queues") or properties["Topics"]]
        assert (statement["Principal"], statement["Condition"]) == ("*", UNENCRYPTED)
        assert statement["Action"] == ("sqs:*" if "Queues" in properties else "sns:Publish")
        own = [{"Ref": target} if "Topics" in properties else {"Fn::GetAtt": [target, "Arn"]} for target in addressed]
        assert [statement["Resource"]] in (own, ["*"])
        refusing.update(addressed)
    assert refusing == resources("AWS::SQS::Queue").keys() | resources("AWS::SNS::Topic").keys()


@pytest.mark.parametrize("kind", ["Queues", "Topics"])
def test_a_queue_or_topic_has_one_policy(kind: str) -> None:
    """A second resource would replace the policy of the first one."""
    holders = [resource["Properties"].get(kind, []) for resource in transformed()["Resources"].values()]
    addressed = [target["Ref"] for targets in holders for target in targets]
    assert addressed
    assert len(addressed) == len(set(addressed))


def test_only_alarms_of_the_account_may_publish_to_the_topic() -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html."""
    allowed, _ = statements("AlarmTopicPolicy")
    assert allowed == {
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": {"Ref": "AlarmTopic"},
        "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
    }


def test_the_log_of_the_bus_has_a_policy_of_the_group_for_rules_of_the_bus() -> None:
    """An account has ten log resource policies per region, and one more for each log group."""
    assert not resources("AWS::Logs::ResourcePolicy")
    (statement,) = statements("EventLogs")
    group, bus = (
        resources(kind)[name]["Properties"]
        for kind, name in (
            ("AWS::Logs::LogGroup", "EventLogs"),
            ("AWS::Events::EventBus", "EventBus"),
        )
    )
    arn = "arn:${AWS::Partition}:%s:${AWS::Region}:${AWS::AccountId}:"
    assert statement["Resource"] == {"Fn::Sub": f"{arn % 'logs'}log-group:{group['LogGroupName']['Fn::Sub']}:*"}
    assert bus["Name"] == {"Ref": "AWS::StackName"}
    assert statement["Condition"] == {
        "ArnLike": {"aws:SourceArn": {"Fn::Sub": f"{arn % 'events'}rule/${{AWS::StackName}}/*"}}
    }
    assert statement["Action"] == LOG_ACTIONS

"""The IAM policy of an identity that deploys follows from the template."""

import json
from typing import Any

from samcli.yamlhelper import yaml_parse

from tests.http_api import ROOT, monitoring
from tests.support.sam_transform import packaged, transform
from tools.deployer_policy import PAGE, create_policy, format_policy, list_types

MAX_INLINE_CHARACTERS = 10_240
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""


def statements() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = create_policy()["Statement"]
    return found


def actions() -> set[str]:
    listed = (statement["Action"] for statement in statements())
    return {action for value in listed for action in ([value] if isinstance(value, str) else value)}


def test_the_page_is_that_of_the_template() -> None:
    assert PAGE.read_text() == format_policy(), "run make reference"


def test_the_types_are_those_that_cloudformation_creates() -> None:
    nested = [monitoring(), yaml_parse((ROOT / "domain.yaml").read_text())]
    deployed = [
        resource for template in (transform(packaged()), *nested) for resource in template["Resources"].values()
    ]
    assert list_types() == {resource["Type"] for resource in deployed}


def test_each_action_is_named_and_most_are_limited_to_the_stacks() -> None:
    assert not [action for action in actions() if "*" in action]
    *limited, unlimited = statements()
    names = ("hms", "sam", "/apis", "scalable-target", "hostedzone")  # the last three have IDs that AWS generates
    assert all(any(name in str(item["Resource"]) for name in names) for item in limited[:-1])
    changes = {
        action for action in unlimited["Action"] if not action.partition(":")[2].startswith(("List", "Describe"))
    }
    assert {action.partition(":")[0] for action in changes} == {"codedeploy", "lambda", "logs"}


def test_it_changes_the_stack_and_reads_no_data_and_no_secret() -> None:
    needed = {"lambda:CreateFunction", "iam:CreateRole", "iam:PassRole", "dynamodb:CreateTable", "s3:PutObject"}
    assert needed | {"cloudformation:ExecuteChangeSet", "logs:CreateLogDelivery"} <= actions()
    data = {"dynamodb:GetItem", "dynamodb:Scan", "sqs:ReceiveMessage", "kms:Decrypt", "logs:GetLogEvents"}
    assert not actions() & (data | {"ssm:PutParameter", "iam:CreateUser", "iam:AttachUserPolicy"})


def test_roles_are_passed_to_the_services_of_the_stack_only() -> None:
    (passed,) = [item for item in statements() if item["Action"] == "iam:PassRole"]
    assert passed["Resource"] == "arn:aws:iam::*:role/hms*"
    assert passed["Condition"]["StringEquals"]["iam:PassedToService"] == [
        "codedeploy.amazonaws.com",
        "lambda.amazonaws.com",
        "scheduler.amazonaws.com",
    ]


def test_it_fits_into_an_inline_policy_of_a_role() -> None:
    assert len(json.dumps(create_policy(), separators=(",", ":"))) <= MAX_INLINE_CHARACTERS

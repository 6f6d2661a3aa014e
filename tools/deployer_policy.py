"""`python -m tools.deployer_policy`: write docs/deployer-policy.json, the IAM policy of an identity that deploys.

The actions are those that the CloudFormation schemas of the template's resource types name. cfn-lint has copies of the
schemas, and of the Service Authorization Reference, which says whether an action can be limited to a resource.
"""

import json
import re
from collections import defaultdict
from functools import cache
from importlib.resources import files
from typing import Any, cast

from samcli.yamlhelper import yaml_parse

from tools.samconfig import ROOT

PAGE = ROOT / "docs" / "deployer-policy.json"
DATA = files("cfnlint") / "data"
EXPANDED = {
    "AWS::Serverless::Function": (
        "AWS::Lambda::Function",
        "AWS::Lambda::Version",
        "AWS::Lambda::Alias",
        "AWS::Lambda::Permission",
        "AWS::Lambda::EventSourceMapping",
        "AWS::IAM::Role",
        "AWS::CodeDeploy::Application",
        "AWS::CodeDeploy::DeploymentGroup",
    ),
    "AWS::Serverless::HttpApi": ("AWS::ApiGatewayV2::Api", "AWS::ApiGatewayV2::Stage"),
    "AWS::Serverless::LayerVersion": ("AWS::Lambda::LayerVersion",),
    "AWS::Events::Rule": ("AWS::Events::Rule", "AWS::SQS::QueuePolicy"),
}
"""The resources that SAM creates for its own types, and for the connectors of rules to queues."""
OWN_SERVICE = {"ApiGatewayV2": "apigateway", "ApplicationAutoScaling": "application-autoscaling"}
"""Prefixes of actions that differ from the name in the resource type."""
NOT_NEEDED = re.compile(
    r"dynamodb:\w*(Item|Query|Scan|Replica|Import\w*|(Enable|Disable|Update)Kinesis\w+|(Put|Delete)ResourcePolicy)$"
    r"|iam:\w*(Group|User|PermissionsBoundary)|lambda:(Put|Delete|Pass|Associate)\w*"
    r"(CodeSigning|Recursion|ScalingConfig|RuntimeManagement|CapacityProvider|RuntimeAlias)"
    r"|logs:((Put|Delete)(DataProtection|Index|Bearer)|CreateLogStream|PutLogEvents)|sns:PutDataProtection"
    r"|iam:CreateServiceLinkedRole|events:(Put|Remove)Permission|cloudformation:(SetStackPolicy|UpdateTerminationProtection)"
)
"""Actions on data, and changes of features that the template does not use."""
RESOURCES = {
    "apigateway": (
        "arn:aws:apigateway:*::/apis*",
        "arn:aws:apigateway:*::/domainnames*",
        "arn:aws:apigateway:*::/tags/*",
    ),
    "application-autoscaling": ("arn:aws:application-autoscaling:*:*:scalable-target/*",),
    "cloudformation": (
        "arn:aws:cloudformation:*:*:stack/hms*",
        "arn:aws:cloudformation:*:*:stack/aws-sam-cli-managed-default/*",
        "arn:aws:cloudformation:*:aws:transform/Serverless-2016-10-31",
    ),
    "cloudwatch": ("arn:aws:cloudwatch:*:*:alarm:hms*", "arn:aws:cloudwatch::*:dashboard/hms*"),
    "codedeploy": (
        "arn:aws:codedeploy:*:*:application:hms*",
        "arn:aws:codedeploy:*:*:deploymentgroup:hms*",
        "arn:aws:codedeploy:*:*:deploymentconfig:*",
    ),
    "dynamodb": ("arn:aws:dynamodb:*:*:table/hms*",),
    "events": ("arn:aws:events:*:*:event-bus/hms*", "arn:aws:events:*:*:rule/hms*", "arn:aws:events:*:*:archive/hms*"),
    "iam": ("arn:aws:iam::*:role/hms*", "arn:aws:iam::*:policy/hms*"),
    "lambda": (
        "arn:aws:lambda:*:*:function:hms*",
        "arn:aws:lambda:*:*:layer:hms*",
        "arn:aws:lambda:*:*:event-source-mapping:*",
    ),
    "logs": (
        "arn:aws:logs:*:*:log-group:/aws/lambda/hms*",
        "arn:aws:logs:*:*:log-group:/aws/events/hms*",
        "arn:aws:logs:*:*:log-group:/aws/vendedlogs/http-apis/hms*",
    ),
    "route53": ("arn:aws:route53:::hostedzone/*", "arn:aws:route53:::change/*"),
    "s3": ("arn:aws:s3:::aws-sam-cli-managed-default-*",),
    "scheduler": ("arn:aws:scheduler:*:*:schedule/default/hms*",),
    "sns": ("arn:aws:sns:*:*:hms*",),
    "sqs": ("arn:aws:sqs:*:*:hms*",),
    "ssm": (
        "arn:aws:ssm:*:*:parameter/hms/*",
        "arn:aws:ssm:*:*:servicesetting/ssm/parameter-store/high-throughput-enabled",
    ),
}
"""The names that the stacks of samconfig.toml give to their resources."""
SAM_ACTIONS = {
    # `sam deploy` with resolve_s3: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-permissions-cloudformation.html
    "cloudformation:CreateChangeSet",
    "cloudformation:DeleteChangeSet",
    "cloudformation:DescribeChangeSet",
    "cloudformation:DescribeStackEvents",
    "cloudformation:DescribeStackResource",
    "cloudformation:ExecuteChangeSet",
    "cloudformation:GetTemplate",
    "cloudformation:GetTemplateSummary",
    "cloudformation:ListStackResources",
    "s3:CreateBucket",
    "s3:GetBucketLocation",
    "s3:GetBucketPolicy",
    "s3:GetObject",
    "s3:PutBucketPolicy",
    "s3:PutBucketPublicAccessBlock",
    "s3:PutBucketTagging",
    "s3:PutBucketVersioning",
    "s3:PutEncryptionConfiguration",
    "s3:PutLifecycleConfiguration",
    "s3:PutObject",
    # Access logs of an HTTP API: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-CWL.html
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:UpdateLogDelivery",
    # make check-account and make smoke
    "lambda:GetAccountSettings",
    "lambda:GetFunctionConcurrency",
    "ssm:GetParameters",
    "ssm:GetServiceSetting",
}
"""Actions that `make deploy` needs beyond those of the resources."""
NOT_LIMITED = {"logs:DescribeLogGroups", "logs:DescribeResourcePolicies", "logs:PutResourcePolicy"}
"""Actions that the delivery of access logs needs for every log group of the account."""
LINKED_ROLE = "arn:aws:iam::*:role/aws-service-role/lambda.application-autoscaling.amazonaws.com/*"
PASSED_TO = ("codedeploy.amazonaws.com", "lambda.amazonaws.com", "scheduler.amazonaws.com")


def create_policy() -> dict[str, Any]:
    """Return the policy document."""
    limited: dict[str, set[str]] = defaultdict(set)
    unlimited: set[str] = set()
    for action in _list_actions() | SAM_ACTIONS | NOT_LIMITED:
        service, _, name = action.partition(":")
        if action in NOT_LIMITED or not _authorization()[service]["Actions"][name.lower()].get("Resources"):
            unlimited.add(action)
        elif action != "iam:PassRole":
            limited[service].add(action)
    statements = [
        {"Effect": "Allow", "Action": sorted(actions), "Resource": list(RESOURCES[service])}
        for service, actions in sorted(limited.items())
    ]
    passed = {"StringEquals": {"iam:PassedToService": list(PASSED_TO)}}
    pass_role = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": RESOURCES["iam"][0], "Condition": passed}
    linked_role = {"Effect": "Allow", "Action": "iam:CreateServiceLinkedRole", "Resource": LINKED_ROLE}
    others = {"Effect": "Allow", "Action": sorted(unlimited), "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [*statements, pass_role, linked_role, others]}


def _list_actions() -> set[str]:
    """Return the actions of the resources' own services, without those for data and for features that are not used."""
    return {
        action
        for kind in list_types()
        for handler in _schema(kind)["handlers"].values()
        for action in handler["permissions"]
        if action.partition(":")[0] == OWN_SERVICE.get(kind.split("::")[1], kind.split("::")[1].lower())
        and not NOT_NEEDED.search(action)
        and _exists(action)
    }


def list_types() -> set[str]:
    """Return the types of all resources, after the transformation by SAM."""
    names = ("template.yaml", "monitoring.yaml", "domain.yaml")
    templates = [yaml_parse((ROOT / name).read_text()) for name in names]
    kinds = {resource["Type"] for template in templates for resource in template["Resources"].values()}
    return {expanded for kind in kinds for expanded in EXPANDED.get(kind, (kind,))}


def _exists(action: str) -> bool:
    """Return False for names in the schemas that are no actions of IAM, such as apigateway:TagResource."""
    service, _, name = action.partition(":")
    return name.lower() in _authorization()[service]["Actions"]


@cache
def _authorization() -> dict[str, Any]:
    return cast(dict[str, Any], json.loads((DATA / "AdditionalSpecs" / "Policies.json").read_text()))


def _schema(kind: str) -> dict[str, Any]:
    names = json.loads((DATA / "schemas" / "providers" / "us-east-1.json").read_text())
    return cast(dict[str, Any], json.loads((DATA / "schemas" / "resources" / f"{names[kind]}.json").read_text()))


def format_policy() -> str:
    """Return the policy as the text of docs/deployer-policy.json."""
    return json.dumps(create_policy(), indent=2) + "\n"


if __name__ == "__main__":
    PAGE.write_text(format_policy())

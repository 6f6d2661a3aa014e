"""`python -m tools.check_account STAGE`: check what a deployment needs of the AWS account, and print what to do.

Makes read-only calls. Exits with 1 if CloudFormation would refuse the deployment.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError
from samcli.yamlhelper import yaml_parse

from tools.aws import describe_throughput, open_session
from tools.samconfig import ROOT, read_overrides, read_parameter, read_stack_name

if TYPE_CHECKING:
    import boto3
    from mypy_boto3_lambda import LambdaClient

UNRESERVED_MINIMUM = 100
"""https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html"""
USUAL_CONCURRENCY = 1000
"""Default quota. New accounts can have less (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html)."""
MAX_RESOURCE_POLICIES = 10
"""https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html"""
REQUEST_QUOTA = (
    "aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value"
)


class State(StrEnum):
    """The result of a check."""

    OK = "ok"
    TO_DO = "to do"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Finding(NamedTuple):
    """The result of a check, and what to do."""

    state: State
    text: str


class Deployment:
    """The settings of a stage that use limits of the account.

    Args:
        stage: stage in samconfig.toml.
        root: folder with samconfig.toml and template.yaml.

    Raises:
        ValueError: samconfig.toml has no such stage.
    """

    def __init__(self, stage: str, root: Path = ROOT) -> None:
        template = yaml_parse((root / "template.yaml").read_text())
        defaults = {name: str(parameter["Default"]) for name, parameter in template["Parameters"].items()}
        self._parameters = defaults | read_overrides(stage, root)
        self._resources: dict[str, Any] = template["Resources"]
        self.stack = read_stack_name(stage, root)
        self.prefix = read_parameter("ParameterPrefix", stage, root)
        self.make_words = "" if stage == "default" else f" STAGE={stage}"

    @property
    def reserved_concurrency(self) -> int:
        """Concurrency that Lambda must reserve for the stack."""
        reserved = int(self._parameters["ReservedConcurrency"])
        webhooks = int(self._parameters["WebhooksReservedConcurrency"]) or reserved
        provisioned = int(self._parameters["TokensProvisionedConcurrency"])
        return reserved * len(list(self._functions_with_the_default_reserve())) + webhooks + provisioned

    @property
    def resource_policies(self) -> int:
        """Number of log resource policies that the stack adds to the account."""
        return sum(resource["Type"] == "AWS::Logs::ResourcePolicy" for resource in self._resources.values())

    def _functions_with_the_default_reserve(self) -> Iterator[str]:
        for name, resource in self._resources.items():
            is_function = resource["Type"] == "AWS::Serverless::Function"
            is_absent = resource.get("Condition") == "OidcEnabled" and not self._parameters["OidcIssuer"]
            if is_function and not is_absent and "ReservedConcurrentExecutions" not in resource["Properties"]:
                yield name


def check_concurrency(session: "boto3.Session", deployment: Deployment) -> Finding:
    """Check that Lambda can reserve what the stage wants, and that the account has the usual concurrency."""
    client = session.client("lambda")
    limit = client.get_account_settings()["AccountLimit"]
    total, unreserved = limit["ConcurrentExecutions"], limit["UnreservedConcurrentExecutions"]
    wanted = deployment.reserved_concurrency
    missing = wanted + UNRESERVED_MINIMUM - unreserved if wanted else 0
    if missing > 0:
        missing -= _sum_reserved(client, _list_functions(session, deployment.stack))
    if missing > 0:
        return Finding(
            State.REFUSED,
            f"the stage reserves {wanted}, but {unreserved} are unreserved and {UNRESERVED_MINIMUM} must remain. "
            "Lower ReservedConcurrency, WebhooksReservedConcurrency or TokensProvisionedConcurrency, or request more: "
            f"{REQUEST_QUOTA} {total + missing}",
        )
    if total < USUAL_CONCURRENCY:
        advice = f"Request the usual quota: {REQUEST_QUOTA} {USUAL_CONCURRENCY}"
        return Finding(State.TO_DO, f"{total} requests at once; further callers get 503. {advice}")
    return Finding(State.OK, f"{total}, of which {unreserved} are unreserved")


def check_parameters(session: "boto3.Session", deployment: Deployment) -> Finding:
    """Check that SSM has the secrets that functions read."""
    names = [f"{deployment.prefix}/{name}" for name in ("access_key", "secret", "client_key_master", "webhook_secret")]
    missing = session.client("ssm").get_parameters(Names=names).get("InvalidParameters", [])
    advice = f"Run make credentials{deployment.make_words}"
    if missing == names[3:]:
        text = f"{names[3]} is missing, and webhooks get 401. {advice} WEBHOOK_SECRET=…"
        return Finding(State.TO_DO, text)
    if missing:
        return Finding(State.TO_DO, f"{', '.join(sorted(missing))} missing. {advice}")
    return Finding(State.OK, f"those below {deployment.prefix} exist")


def check_throughput(session: "boto3.Session", _: Deployment) -> Finding:
    """Check whether SSM accepts more than 40 reads a second."""
    return Finding(State.OK, describe_throughput(session))


def check_resource_policies(session: "boto3.Session", deployment: Deployment) -> Finding:
    """Check that CloudWatch Logs accepts the policies of the stack."""
    logs = session.client("logs")
    names = [
        str(policy.get("policyName"))
        for page in logs.get_paginator("describe_resource_policies").paginate()
        for policy in page["resourcePolicies"]
    ]
    own = sum(name.startswith(f"{deployment.stack}-") for name in names)
    new = max(0, deployment.resource_policies - own)
    text = f"{len(names)} of {MAX_RESOURCE_POLICIES}, and the stack adds {new}"
    if len(names) + new > MAX_RESOURCE_POLICIES:
        advice = "Delete one: aws logs describe-resource-policies, aws logs delete-resource-policy --policy-name …"
        return Finding(State.REFUSED, f"{text}. {advice}")
    return Finding(State.OK, text)


CHECKS: Mapping[str, Callable[["boto3.Session", Deployment], Finding]] = {
    "Lambda concurrency": check_concurrency,
    "SSM parameters": check_parameters,
    "SSM throughput": check_throughput,
    "log policies": check_resource_policies,
}


def check_account(session: "boto3.Session", deployment: Deployment) -> Iterator[tuple[str, Finding]]:
    """Yield the subject and the result of each check. A call that AWS denies makes one result unknown."""
    for subject, check in CHECKS.items():
        try:
            yield subject, check(session, deployment)
        except (BotoCoreError, ClientError) as error:
            yield subject, Finding(State.UNKNOWN, str(error))


def _list_functions(session: "boto3.Session", stack: str) -> Iterator[str]:
    """Yield the names of the stack's functions. A stack that does not exist has none."""
    cloudformation = session.client("cloudformation")
    try:
        for page in cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack):
            for resource in page["StackResourceSummaries"]:
                if resource["ResourceType"] == "AWS::Lambda::Function" and "PhysicalResourceId" in resource:
                    yield resource["PhysicalResourceId"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationError":
            raise


def _sum_reserved(client: "LambdaClient", names: Iterator[str]) -> int:
    """Return the concurrency that is reserved for the functions, which a deployment can use again."""
    return sum(
        client.get_function_concurrency(FunctionName=name).get("ReservedConcurrentExecutions", 0) for name in names
    )


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m tools.check_account", description=__doc__)
    parser.add_argument("stage", help="stage in samconfig.toml")
    stage = parser.parse_args().stage
    try:
        findings = list(check_account(open_session(), Deployment(stage)))
    except (ValueError, BotoCoreError, ClientError) as error:
        sys.exit(str(error))
    for subject, finding in findings:
        print(f"{subject:<18}  {finding.state:<7}  {finding.text}")
    sys.exit(any(finding.state is State.REFUSED for _, finding in findings))


if __name__ == "__main__":
    main()

"""What becomes of each function when the template is deployed: its versions, its callers, and what it may do."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.moto_api._internal.models import moto_api_backend
from samcli.yamlhelper import yaml_dump, yaml_parse

from local.aws import running_aws
from tests.http_api import ROOT, functions, integrations, monitoring, template
from tests.support.sam_transform import packaged, resources, transform, transformed
from tools.config_digest import add_digest

LAMBDAS = resources("AWS::Lambda::Function")
MANAGED = "arn:${AWS::Partition}:iam::aws:policy/"
WRITES_LOGS_AND_TRACES = {f"{MANAGED}service-role/AWSLambdaBasicExecutionRole", f"{MANAGED}AWSXrayWriteOnlyAccess"}
"""Policies of AWS's own that SAM attaches."""

BEHIND_QUEUES = {"CommandsFunction", "AttendanceKeeperFunction"}

each_function = pytest.mark.parametrize("name", functions())


def arn(policy: Any) -> str:
    """A managed policy's ARN, whichever way SAM writes it."""
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
def test_a_function_takes_a_snapshot_and_reserves_concurrency_only_where_it_is_asked_to(name: str) -> None:
    properties = LAMBDAS[name]["Properties"]
    assert properties["SnapStart"] == {"ApplyOn": {"Ref": "SnapStart"}}
    assert template()["Parameters"]["SnapStart"]["Default"] == "None"
    none = {"Ref": "AWS::NoValue"}
    shared = {"Fn::If": ["ReservedConcurrencyEnabled", {"Ref": "ReservedConcurrency"}, none]}
    own = {"Fn::If": ["WebhooksReservedConcurrencyEnabled", {"Ref": "WebhooksReservedConcurrency"}, shared]}
    special = {"WebhooksFunction": own, **dict.fromkeys(BEHIND_QUEUES, none)}
    assert properties["ReservedConcurrentExecutions"] == special.get(name, shared)


def test_the_functions_that_never_reserve_concurrency_are_those_that_queues_feed() -> None:
    fed = {
        resource["Properties"]["FunctionName"]["Ref"]
        for resource in resources("AWS::Lambda::EventSourceMapping").values()
    }
    assert fed == {f"{name}Aliaslive" for name in BEHIND_QUEUES}


def test_a_stack_needs_no_parameter_and_what_is_free_text_is_bounded() -> None:
    for name, parameter in template()["Parameters"].items():
        assert "Default" in parameter, name
        assert parameter.keys() & {"AllowedValues", "AllowedPattern", "MinValue"}, name


@pytest.fixture(scope="module")
def bucket() -> Iterator[dict[str, str]]:
    """S3 on loopback with a bucket, as an environment that leads there."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    with running_aws(0) as url:
        variables = {
            "AWS_ENDPOINT_URL": url,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_DEFAULT_REGION": "us-east-1",
            "SAM_CLI_TELEMETRY": "0",
        }
        session = boto3.Session("testing", "testing", region_name="us-east-1")
        session.client("s3", endpoint_url=url).create_bucket(Bucket="code")
        yield own | variables
    moto_api_backend.reset()


def package(project: Path, environment: dict[str, str]) -> dict[str, Any]:
    """The template that `sam deploy` sends to CloudFormation after it has uploaded the code and the nested template."""
    sam = str(Path(sys.executable).with_name("sam"))
    command = [
        sam,
        "package",
        "--s3-bucket",
        "code",
        "--output-template-file",
        "packaged.yaml",
        "--region",
        "us-east-1",
    ]
    subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=True)
    found: dict[str, Any] = yaml_parse((project / "packaged.yaml").read_text())
    return found


def versions(project: Path, environment: dict[str, str]) -> dict[str, str]:
    """The logical id of each function's version when the project is packaged and deployed as it is now."""
    deployed = transform(package(project, environment))["Resources"]
    found = {name: value for name, value in deployed.items() if value["Type"] == "AWS::Lambda::Version"}
    return {value["Properties"]["FunctionName"]["Ref"]: name for name, value in found.items()}


def test_one_byte_of_the_layer_is_a_new_version_of_every_function(tmp_path: Path, bucket: dict[str, str]) -> None:
    for name in ("template.yaml", "monitoring.yaml"):
        shutil.copy(ROOT / name, tmp_path)
    ignored = shutil.ignore_patterns("__pycache__")
    for folder in ("functions", "layers"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignored)
    before = versions(tmp_path, bucket)
    assert before.keys() == functions().keys()
    assert versions(tmp_path, bucket) == before
    with (tmp_path / "layers" / "common" / "hms" / "__init__.py").open("a") as file:
        file.write("\n")
    after = versions(tmp_path, bucket)
    assert [name for name in before if after[name] == before[name]] == []


def test_the_nested_template_is_uploaded_with_the_code(tmp_path: Path, bucket: dict[str, str]) -> None:
    nested = template()["Resources"]["MonitoringStack"]
    (tmp_path / "template.yaml").write_text(yaml_dump({"Resources": {"MonitoringStack": nested}}))
    shutil.copy(ROOT / "monitoring.yaml", tmp_path)
    url = package(tmp_path, bucket)["Resources"]["MonitoringStack"]["Properties"]["TemplateURL"]
    s3 = boto3.client(
        "s3",
        endpoint_url=bucket["AWS_ENDPOINT_URL"],
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        region_name="us-east-1",
    )
    uploaded = s3.get_object(Bucket="code", Key=url.rpartition("/")[2])["Body"].read().decode()
    properties = {name: resource["Properties"] for name, resource in yaml_parse(uploaded)["Resources"].items()}
    assert properties == {name: resource["Properties"] for name, resource in monitoring()["Resources"].items()}


def test_another_value_of_a_parameter_is_a_new_version_of_every_function(tmp_path: Path) -> None:
    def version_of_each(own: dict[str, str], default: str = "INFO") -> set[str]:
        template_ = packaged()
        template_["Parameters"]["LogLevel"]["Default"] = default
        built = tmp_path / "template.yaml"
        built.write_text(yaml_dump(template_))
        add_digest(built, own)
        resources = transform(yaml_parse(built.read_text()))["Resources"]
        return {name for name, resource in resources.items() if resource["Type"] == "AWS::Lambda::Version"}

    before = version_of_each({})
    assert len(before) == len(functions())
    assert version_of_each({"LogLevel": "INFO"}) == before
    assert version_of_each({"LogLevel": "DEBUG"}) & before == set()
    assert version_of_each({}, default="ERROR") & before == set()

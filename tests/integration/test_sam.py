"""SAM CLI accepts the template, and new code or a new parameter results in new versions."""

import os
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
from tests.http_api import ROOT, functions, monitoring, template
from tests.support.sam_transform import packaged, transform
from tools.config_digest import add_digest

SAM = str(Path(sys.executable).with_name("sam"))


def test_the_template_is_valid_and_lints_clean_offline() -> None:
    nowhere = {"HTTPS_PROXY": "http://127.0.0.1:9", "SAM_CLI_TELEMETRY": "0"}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")} | nowhere
    sam = [SAM, "validate", "--lint"]
    result = subprocess.run(sam, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "is a valid SAM Template" in result.stdout


@pytest.fixture(scope="module")
def bucket() -> Iterator[dict[str, str]]:
    """S3 on loopback with a bucket, as environment variables that point to it."""
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
    """Return the template that `sam deploy` sends to CloudFormation after uploading code and nested template."""
    command = [
        SAM,
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
    """Return the logical ID of each function's version for a deployment of the current project."""
    deployed = transform(package(project, environment))["Resources"]
    found = {name: value for name, value in deployed.items() if value["Type"] == "AWS::Lambda::Version"}
    return {value["Properties"]["FunctionName"]["Ref"]: name for name, value in found.items()}


def test_one_byte_of_the_layer_is_a_new_version_of_every_function(tmp_path: Path, bucket: dict[str, str]) -> None:
    for name in ("template.yaml", "monitoring.yaml", "domain.yaml"):
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

"""Snippets of the pages on deployment that need another region or another key than the rest of their page."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import boto3
import pytest

from tests.docs.snippets import snippets
from tests.http_api import ROOT
from tests.integration.stack import Stack
from tests.support.make import make_flags

QUICK_START = ROOT / "docs" / "quick-start.md"
OPERATIONS = ROOT / "docs" / "operations.md"


def find_line(page: Path, start: str) -> str:
    lines = [line for snippet in snippets(page) for line in snippet.text.splitlines()]
    return next(line for line in lines if line.startswith(start))


def run(script: str, stack: Stack, **variables: str) -> str:
    """Run a script with a region in AWS_REGION only, as the quick start says."""
    environment = {
        "PATH": f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}",
        "PYTHONPATH": f"{ROOT / 'layers' / 'common'}:{ROOT}",
        "MAKEFLAGS": make_flags(),
        "AWS_ENDPOINT_URL": stack.aws,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": "us-east-1",
        "API": stack.api,
        **variables,
    }
    command = ["bash", "-euo", "pipefail", "-c", script]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout


def test_the_key_of_the_quick_start_can_make_its_call(stack: Stack) -> None:
    create, call = find_line(QUICK_START, "make key "), find_line(QUICK_START, "curl -s -H ")
    port = {"LOCAL": "1", "AWS_PORT": str(urlsplit(stack.aws).port)}
    pair = dict(line.split("=", 1) for line in run(create, stack, **port).splitlines() if line.startswith("HMS_"))
    status = run(f"{call} -o /dev/null -w '%{{http_code}}'", stack, **port, **pair)
    assert status == "200"


@pytest.mark.skipif(not shutil.which("aws"), reason="not installed: aws")
def test_the_master_of_client_keys_is_copied_to_the_second_region(stack: Stack) -> None:
    def ssm(region: str) -> dict[str, tuple[str, str]]:
        client = boto3.client(
            "ssm", region, endpoint_url=stack.aws, aws_access_key_id="local", aws_secret_access_key="local"
        )
        if region == "us-east-1":
            client.put_parameter(
                Name="/hms/prod/client_key_master", Value="m" * 43, Type="SecureString", Overwrite=True
            )
            client.put_parameter(Name="/hms/prod/revoked_client_keys_1", Value="none", Type="String", Overwrite=True)
        found = client.get_parameters_by_path(Path="/hms/prod", WithDecryption=True)["Parameters"]
        return {item["Name"]: (item["Type"], item["Value"]) for item in found}

    copied = ssm("us-east-1")
    (script,) = [item.text for item in snippets(OPERATIONS) if item.text.startswith("for name in client_key_master")]
    script = re.sub(r"\baws ssm", f"aws --endpoint-url {stack.aws} ssm", script)
    run(script, stack)
    assert ssm("eu-west-1") == copied

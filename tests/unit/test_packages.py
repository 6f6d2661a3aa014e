"""The SDK loads no module of Powertools, AWS or the service."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hms.operations import RESOURCES
from hms_service.auth.scopes import SCOPED_RESOURCES
from tests.http_api import ROOT

FUNCTIONS = sorted((ROOT / "functions").glob("*/app.py"))
DEPLOYED = {"hms", "hms_service", "aws_lambda_powertools", "boto3"}

SDK = """
from hms.client import HmsClient
from hms.operations import load_operations
from hms.webhooks import WebhookVerifier
load_operations()
HmsClient.from_environment().rooms
"""
LOADED = """
import sys
print(sorted(name for name in sys.modules if name.startswith({unwanted})))
"""


def loaded(*unwanted: str, program: str = SDK) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program + LOADED.replace("{unwanted}", repr(unwanted))],
        env={**os.environ, "PYTHONPATH": str(ROOT / "layers" / "common")},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_the_sdk_loads_neither_lambdas_tools_nor_aws_nor_the_service() -> None:
    assert loaded("aws_lambda_powertools", "boto3", "botocore", "hms_service") == "[]"


def test_the_sdk_loads_no_model_before_a_request_is_checked() -> None:
    assert loaded("pydantic") == "[]"


def test_commands_load_operations_and_no_router_before_the_first_message() -> None:
    program = "import hms_service.commands.runner"
    assert loaded("aws_lambda_powertools.event_handler", program=program) == "[]"
    assert loaded("hms.resources.polls", program=program) == "['hms.resources.polls']"


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("file", FUNCTIONS, ids=lambda file: file.parent.name)
def test_a_function_imports_only_what_is_deployed(file: Path) -> None:
    packages = {name.partition(".")[0] for name in imported(file)}
    assert packages <= DEPLOYED | sys.stdlib_module_names


def test_there_is_a_scope_for_every_resource() -> None:
    resources = {resource.replace("_", "-") for resource in RESOURCES}
    assert resources - {"auth"} | {"tokens"} == SCOPED_RESOURCES

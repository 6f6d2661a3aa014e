"""Runs the programs of docs/operations.md that need the stack's resources, on moto with the transformed template."""

import copy
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.events.models import Archive
from moto.server import ThreadedMotoServer

from tests.docs.snippets import Snippet, snippets
from tests.http_api import ROOT
from tests.support.sam_transform import transformed

KINDS = {
    "AWS::DynamoDB::Table",
    "AWS::Events::Archive",
    "AWS::Events::EventBus",
    "AWS::Events::Rule",
    "AWS::Logs::LogGroup",
    "AWS::SQS::Queue",
}
"""Types of resources that moto creates and that the programs read."""
PROGRAMS = {snippet.text.splitlines()[0]: snippet for snippet in snippets(ROOT / "docs" / "operations.md")}
DEFINITIONS = PROGRAMS["stack=hms"]
SKELETON = """#!/bin/sh
# moto has no message move tasks. The AWS CLI checks their arguments, and prints a sample.
case "$2" in *message-move-task*) set -- "$@" --generate-cli-skeleton output ;; esac
exec {aws} --endpoint-url "$AWS_ENDPOINT_URL" "$@"
"""

pytestmark = pytest.mark.skipif(not shutil.which("aws"), reason="aws is missing")


@pytest.fixture(scope="module")
def aws() -> Iterator[str]:
    """Moto with the data of a stack: tables, queues, the bus, its rules and its archive."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    url = "http://{}:{}".format(*server.get_host_and_port())
    template = {key: transformed()[key] for key in ("Parameters", "Conditions")}
    template["Resources"] = {
        name: copy.deepcopy(resource)
        for name, resource in transformed()["Resources"].items()
        if resource["Type"] in KINDS and "Condition" not in resource
    }
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Events::Rule":
            resource["Properties"]["EventBusName"] = "hms"  # moto passes an object for the `Ref`
            resource["DependsOn"] = "EventBus"
    client("cloudformation", url).create_stack(StackName="hms", TemplateBody=json.dumps(template))
    with pytest.MonkeyPatch.context() as patch:
        # Moto has no physical ID of an archive.
        patch.setattr(Archive, "physical_resource_id", property(lambda archive: archive.name), raising=False)
        yield url
    server.stop()


@pytest.fixture
def shell(aws: str, tmp_path: Path) -> dict[str, str]:
    command = tmp_path / "aws"
    command.write_text(SKELETON.format(aws=shutil.which("aws")))
    command.chmod(0o755)
    return {
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "AWS_ENDPOINT_URL": aws,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
    }


def client(service: str, url: str) -> Any:
    make: Any = boto3.Session("testing", "testing", region_name="us-east-1").client
    return make(service, endpoint_url=url)


def run(program: Snippet, shell: dict[str, str]) -> str:
    """Run a program after the shell functions that the page defines. Return its output."""
    script = f"set -eu\n{DEFINITIONS.text}\n{program.text}"
    finished = subprocess.run(["bash", "-c", script], env=shell, capture_output=True, text=True, timeout=120)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


@pytest.mark.skipif(not shutil.which("jq"), reason="jq is missing")
def test_policies_of_both_queues_are_restored_and_shown(shell: dict[str, str]) -> None:
    (restore,) = snippets(ROOT / "docs" / "decisions" / "monitoring-as-a-nested-stack.md")
    run(restore, shell)
    output = run(PROGRAMS["for queue in CommandsQueue AttendanceQueue; do"], shell)
    assert output.count("events.amazonaws.com") == 2
    assert output.count("aws:SecureTransport") == 2


def test_missed_commands_are_replayed_to_their_rule_only(aws: str, shell: dict[str, str]) -> None:
    assert "COMPLETED" in run(PROGRAMS["rule=$(resource CommandsRule)"], shell)
    events = client("events", aws)
    destination = events.describe_replay(ReplayName="missed-events")["Destination"]
    (rule,) = [rule for rule in events.list_rules(EventBusName="hms")["Rules"] if "CommandsRule" in rule["Name"]]
    assert destination["FilterArns"] == [rule["Arn"]]
    assert destination["Arn"].endswith(":event-bus/hms")


def test_dead_letters_are_moved_back(shell: dict[str, str]) -> None:
    assert "TaskHandle" in run(PROGRAMS["dead_letters=$(queue_arn CommandsDeadLetters)"], shell)


def test_what_polls_a_queue_is_shown(shell: dict[str, str]) -> None:
    (program,) = [snippet for text, snippet in PROGRAMS.items() if "list-event-source-mappings" in text]
    assert json.loads(run(program, shell)) == []


def test_what_stays_is_deleted_and_other_stages_keep_their_secrets(aws: str, shell: dict[str, str]) -> None:
    ssm, tables = client("ssm", aws), client("dynamodb", aws)
    for name in ("/hms/secret", "/hms/dev/secret"):
        ssm.put_parameter(Name=name, Value="a", Type="SecureString")
    named = tables.list_tables()["TableNames"]
    kept = next(name for name in named if "AttendanceTable" in name)
    tables.update_table(TableName=kept, DeletionProtectionEnabled=True)
    (program,) = [snippet for snippet in PROGRAMS.values() if "--no-deletion-protection-enabled" in snippet.text]
    run(program, shell)
    assert [name.split("-")[1] for name in tables.list_tables()["TableNames"]] == ["IdempotencyTable"]
    assert [item["Name"] for item in ssm.describe_parameters()["Parameters"]] == ["/hms/dev/secret"]

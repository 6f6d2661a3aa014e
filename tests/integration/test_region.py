"""The commands work in one region: that of AWS_REGION, else of AWS_DEFAULT_REGION, else of the profile."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import boto3
import pytest

from tests.http_api import ROOT
from tests.integration.stack import Stack, started_stack
from tests.support.make import make_flags
from tests.support.servers import Received, Step, answer, serve

PROFILE = "[default]\nregion = eu-west-3\n[profile other]\nregion = eu-north-1\n"
KEYS = "[default]\naws_access_key_id = testing\naws_secret_access_key = testing\n"
pytestmark = pytest.mark.timeout(240)

NOW = datetime.now(UTC)
PERIOD = (f"FROM={NOW - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}", f"TO={NOW:%Y-%m-%dT%H:%M:%SZ}")
CASES = [
    pytest.param({"AWS_REGION": "eu-west-1"}, "eu-west-1", id="AWS_REGION"),
    pytest.param({"AWS_DEFAULT_REGION": "eu-west-2"}, "eu-west-2", id="AWS_DEFAULT_REGION"),
    pytest.param({"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-2"}, "eu-west-1", id="both"),
    pytest.param({"AWS_REGION": "", "AWS_DEFAULT_REGION": ""}, "eu-west-3", id="empty"),
    pytest.param({}, "eu-west-3", id="profile"),
    pytest.param({"AWS_PROFILE": "other"}, "eu-north-1", id="AWS_PROFILE"),
]


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """The environment of a user who ran `aws configure`."""
    (tmp_path / "config").write_text(PROFILE)
    (tmp_path / "credentials").write_text(KEYS + KEYS.replace("default", "other"))
    return {
        "PATH": os.environ["PATH"],
        "MAKEFLAGS": make_flags(),
        "AWS_CONFIG_FILE": str(tmp_path / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
    }


def run(environment: dict[str, str], *words: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "-s", *words],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("variables", "region"), CASES)
def test_every_command_says_where_it_works_before_it_does(
    stack: Stack, home: dict[str, str], variables: dict[str, str], region: str
) -> None:
    environment = home | variables | {"AWS_ENDPOINT_URL": stack.aws}
    place = f"AWS account 123456789012, region {region}, at {stack.aws}"
    pair = {"ACCESS_KEY": stack.access_key, "SECRET": stack.secret}
    stored = run(environment | pair, "credentials", "STAGE=dev")
    assert (stored.returncode, stored.stderr) == (0, f"{place}\n")
    ssm = boto3.client(
        "ssm", region, endpoint_url=stack.aws, aws_access_key_id="testing", aws_secret_access_key="testing"
    )
    assert ssm.get_parameter(Name="/hms/dev/secret", WithDecryption=True)["Parameter"]["Value"] == stack.secret

    replayed = run(environment | {"HMS_API_URL": f"{stack.simulator}/v2"}, "replay", "STAGE=dev", *PERIOD)
    assert replayed.stderr.splitlines()[0] == place
    assert "completed" in replayed.stdout
    checked = run(environment, "smoke", "STAGE=dev", "API=http://127.0.0.1:9")
    assert checked.stderr.splitlines()[0] == place
    assert "not reachable" in checked.stdout, "the pair was found"
    for command in (["keys"], ["drift", *PERIOD]):
        assert run(environment, *command).stderr.splitlines()[0] == place, command


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose build and SAM CLI only print what they are called with."""
    folder = tmp_path / "project"
    shutil.copytree(ROOT / "tools", folder / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("Makefile", "template.yaml", "samconfig.toml", "requirements-dev.txt"):
        shutil.copy(ROOT / name, folder)
    (folder / "layers").symlink_to(ROOT / "layers")
    scripts = {
        ".venv/bin/python": f'exec {sys.executable} "$@"',
        ".venv/bin/sam": 'echo "sam $*"',
        "tools/build": "mkdir -p .aws-sam/build && cp template.yaml .aws-sam/build/",
    }
    for name, script in scripts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    (folder / ".venv/.installed").touch()
    return folder


@pytest.mark.parametrize(("variables", "region"), CASES)
def test_sam_deploys_in_that_region(
    stack: Stack, project: Path, home: dict[str, str], variables: dict[str, str], region: str
) -> None:
    environment = {**home, **variables, "AWS_ENDPOINT_URL": stack.aws, "MAKEFLAGS": ""}
    deployed = run(environment, "deploy", "STAGE=dev", folder=project)
    assert deployed.stderr == f"AWS account 123456789012, region {region}, at {stack.aws}\n"
    assert deployed.stdout.splitlines()[-1] == f"sam deploy --config-env dev --region {region}"
    asked = run(environment, "deploy", "STAGE=prod", "CONFIRM=no", folder=project)
    assert asked.stdout.splitlines()[-1] == f"sam deploy --config-env prod --region {region} --no-confirm-changeset"


def new_account(request: Received) -> Step:
    """Answer as AWS in an account with little concurrency and without the stack."""
    if "account-settings" in request.target:
        return answer(200, b'{"AccountLimit": {"ConcurrentExecutions": 10, "UnreservedConcurrentExecutions": 10}}')
    if b"GetCallerIdentity" in request.body:
        result = b"<GetCallerIdentityResult><Account>123456789012</Account></GetCallerIdentityResult>"
        return answer(200, b"<GetCallerIdentityResponse>" + result + b"</GetCallerIdentityResponse>")
    if b"ListStackResources" in request.body:
        error = b"<Error><Code>ValidationError</Code><Message>does not exist</Message></Error>"
        return answer(400, b"<ErrorResponse>" + error + b"</ErrorResponse>")
    return answer(400, b'{"__type": "AccessDeniedException", "message": "denied"}')


def test_nothing_is_built_if_cloudformation_would_refuse_it(project: Path, home: dict[str, str]) -> None:
    config = project / "samconfig.toml"
    config.write_text(config.read_text().replace('"LogRetentionDays=7"', '"ReservedConcurrency=5"'))
    with serve(respond=new_account) as aws:
        environment = {**home, "AWS_ENDPOINT_URL": aws.url, "MAKEFLAGS": "", "AWS_MAX_ATTEMPTS": "1"}
        refused = run(environment, "deploy", "STAGE=dev", folder=project)
    assert refused.returncode != 0
    assert "the stage reserves 85, but 10 are unreserved and 100 must remain" in refused.stdout
    assert not (project / ".aws-sam").exists()
    assert "sam" not in refused.stdout.split()


@pytest.mark.parametrize("command", ["credentials", "keys", "replay", "drift", "smoke", "check-account"])
def test_a_missing_region_is_one_line(home: dict[str, str], command: str, tmp_path: Path) -> None:
    (tmp_path / "config").write_text("[default]\n")
    ended = run(home, command, *PERIOD, "API=https://example.com")
    assert ended.returncode != 0
    assert "AWS_REGION: is required, because the AWS profile has no region" in ended.stderr.splitlines()[0]
    assert "Traceback" not in ended.stderr


@pytest.fixture(scope="module")
def european(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with started_stack(tmp_path_factory.mktemp("stack") / "stderr", AWS_DEFAULT_REGION="eu-west-2") as running:
        yield running


@pytest.mark.parametrize("variables", [{"AWS_REGION": "eu-west-2"}, {"AWS_DEFAULT_REGION": "eu-west-2"}])
def test_commands_for_the_local_stack_use_its_region(
    european: Stack, home: dict[str, str], variables: dict[str, str]
) -> None:
    created = run(home | variables, "key", "LOCAL=1", f"AWS_PORT={urlsplit(european.aws).port}", "NAME=a", "SCOPES=*")
    assert created.stderr == f"AWS account 123456789012, region eu-west-2, at {european.aws}\n"
    assert created.stdout.startswith("HMS_ACCESS_KEY=")

"""The parameter prefix of a stage comes from samconfig.toml, or from template.yaml."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.http_api import ROOT, template
from tests.integration.stack import environment
from tools.samconfig import read_parameter, read_stack_name

DEFAULT = template()["Parameters"]["ParameterPrefix"]["Default"]


def with_config(folder: Path, config: str) -> Path:
    shutil.copy(ROOT / "template.yaml", folder)
    (folder / "samconfig.toml").write_text(f"version = 0.1\n{config}")
    return folder


@pytest.mark.parametrize(("stage", "prefix"), [("dev", "/hms/dev"), ("prod", "/hms/prod"), ("default", DEFAULT)])
def test_a_stage_has_the_prefix_that_it_is_deployed_with(stage: str, prefix: str) -> None:
    assert read_parameter("ParameterPrefix", stage) == prefix


def test_the_local_stack_has_the_templates_prefix_whatever_a_stage_has(tmp_path: Path) -> None:
    root = with_config(tmp_path, '[default.global.parameters]\nparameter_overrides = ["ParameterPrefix=/mine"]')
    assert read_parameter("ParameterPrefix", "default", root) == "/mine"
    assert read_parameter("ParameterPrefix", "", root) == DEFAULT


def test_parameters_of_a_guided_deployment_override_the_global_ones(tmp_path: Path) -> None:
    shared = '[dev.global.parameters]\nparameter_overrides = ["ParameterPrefix=/shared"]'
    saved = '[dev.deploy.parameters]\nparameter_overrides = "LogLevel=\\"INFO\\" ParameterPrefix=\\"/saved\\""'
    assert read_parameter("ParameterPrefix", "dev", with_config(tmp_path, f"{shared}\n{saved}")) == "/saved"


@pytest.mark.parametrize(("stage", "name"), [("default", "hms"), ("dev", "hms-dev"), ("prod", "hms-prod")])
def test_a_stage_names_its_stack(stage: str, name: str) -> None:
    assert read_stack_name(stage) == name


def test_a_stage_without_a_stack_name_is_an_error(tmp_path: Path) -> None:
    root = with_config(tmp_path, '[dev.deploy.parameters]\nparameter_overrides = "LogLevel=INFO"')
    with pytest.raises(ValueError, match="no stack_name for the stage dev"):
        read_stack_name("dev", root)


def test_an_unknown_stage_is_one_line() -> None:
    command = [sys.executable, "-m", "tools.samconfig", "ParameterPrefix", "staging"]
    run = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr == "STAGE: must be a stage in samconfig.toml (default, dev, prod), not staging\n"

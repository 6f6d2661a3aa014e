"""`python -m tools.samconfig PARAMETER [STAGE]`: print a template parameter's value for a stage.

The value is that of `sam deploy`: the override in samconfig.toml, or the template's default. The local stack is not a
stage and uses the defaults.
"""

import argparse
import sys
from pathlib import Path
from typing import Any

from samcli.cli.types import CfnParameterOverridesType
from samcli.lib.config.samconfig import SamConfig
from samcli.yamlhelper import yaml_parse

ROOT = Path(__file__).parents[1]


def read_parameter(name: str, stage: str, root: Path = ROOT) -> str:
    """Return the parameter's value for the stage. Without a stage ("") or an override, this is the default.

    Raises:
        ValueError: samconfig.toml has no such stage, or the template no such parameter.
    """
    return read_overrides(stage, root).get(name) or _read_default(name, root)


def read_overrides(stage: str, root: Path = ROOT) -> dict[str, str]:
    """Return the parameters that the stage overrides.

    Raises:
        ValueError: samconfig.toml has no such stage.
    """
    if not stage:
        return {}
    override_text = _settings(stage, root).get("parameter_overrides", "")
    values: dict[str, str] = CfnParameterOverridesType().convert(override_text, None, None)
    return values


def read_stack_name(stage: str, root: Path = ROOT) -> str:
    """Return the name of the stage's stack, which is also the name of its event bus.

    Raises:
        ValueError: samconfig.toml has no such stage, or the stage has no stack name.
    """
    settings = _settings(stage, root)
    if "stack_name" not in settings:
        raise ValueError(f"samconfig.toml has no stack_name for the stage {stage}")
    return str(settings["stack_name"])


def _settings(stage: str, root: Path) -> dict[str, Any]:
    """Return what `sam deploy` reads for the stage."""
    config = SamConfig(root)
    stages = config.get_stage_configuration_names()
    if stage not in stages:
        raise ValueError(f"STAGE: must be a stage in samconfig.toml ({', '.join(stages)}), not {stage}")
    settings: dict[str, Any] = config.get_all(["deploy"], "parameters", stage)
    return settings


def _read_default(name: str, root: Path) -> str:
    declared = yaml_parse((root / "template.yaml").read_text())["Parameters"]
    if name not in declared:
        raise ValueError(f"template.yaml has no parameter {name}")
    return str(declared[name]["Default"])


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m tools.samconfig", description=__doc__)
    parser.add_argument("parameter", help="parameter of template.yaml")
    parser.add_argument("stage", nargs="?", default="", help="stage in samconfig.toml (default: the local stack)")
    options = parser.parse_args()
    try:
        print(read_parameter(options.parameter, options.stage))
    except ValueError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()

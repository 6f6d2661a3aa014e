"""`python -m tools.stage [stage]`: under which SSM path a stage keeps its credentials, and nothing else.

`ParameterPrefix` of samconfig.toml decides, as SAM CLI reads it for `sam deploy`, else the template's default, which
the local stack, being no stage, always has.
"""

import argparse
import sys
from pathlib import Path

from samcli.cli.types import CfnParameterOverridesType
from samcli.lib.config.samconfig import SamConfig
from samcli.yamlhelper import yaml_parse

ROOT = Path(__file__).parents[1]


def parameter_prefix(stage: str, root: Path = ROOT) -> str:
    """The SSM path of the stage; that of the template where the stage is "" or names none.

    Raises:
        ValueError: samconfig.toml has no such stage.
    """
    return _overrides(stage, root).get("ParameterPrefix") or _default(root)


def _overrides(stage: str, root: Path) -> dict[str, str]:
    if not stage:
        return {}
    config = SamConfig(root)
    stages = config.get_stage_configuration_names()
    if stage not in stages:
        raise ValueError(f"samconfig.toml has no stage {stage}: {', '.join(stages)}")
    given = config.get_all(["deploy"], "parameters", stage).get("parameter_overrides", "")
    overrides: dict[str, str] = CfnParameterOverridesType().convert(given, None, None)
    return overrides


def _default(root: Path) -> str:
    template = yaml_parse((root / "template.yaml").read_text())
    return str(template["Parameters"]["ParameterPrefix"]["Default"])


def main() -> None:
    """Print what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tools.stage", description=__doc__)
    parser.add_argument("stage", nargs="?", default="", help="of samconfig.toml; the local stack if left out")
    try:
        print(parameter_prefix(parser.parse_args().stage))
    except ValueError as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()

"""`python -m tools.config_digest STAGE TEMPLATE`: add a digest of a stage's parameters to the built template.

SAM publishes a new version of a function only if the template's text changes. The text contains only the names of the
parameters. Without the digest, a new parameter value would not reach the version behind the alias `live`.
"""

import argparse
import hashlib
import json
import sys
from pathlib import Path

from samcli.yamlhelper import yaml_dump, yaml_parse

from tools.samconfig import read_overrides

DIGEST_VARIABLE = "HMS_CONFIGURATION"


def add_digest(template: Path, overrides: dict[str, str]) -> None:
    """Write a digest of the defaults and the stage's overrides into the environment of every function."""
    template_body = yaml_parse(template.read_text())
    values = {
        name: str(declaration["Default"]) for name, declaration in template_body["Parameters"].items()
    } | overrides
    digest = hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
    template_body["Globals"]["Function"]["Environment"]["Variables"][DIGEST_VARIABLE] = digest[:16]
    template.write_text(yaml_dump(template_body))


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m tools.config_digest", description=__doc__)
    parser.add_argument("stage", help="stage in samconfig.toml")
    parser.add_argument("template", type=Path, help="template that `sam build` wrote")
    options = parser.parse_args()
    try:
        add_digest(options.template, read_overrides(options.stage))
    except ValueError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()

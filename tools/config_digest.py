"""`python -m tools.config_digest STAGE TEMPLATE`: lets a stage's parameters, too, make new versions of the functions.

SAM tells one version from the next by the text of the template, where a parameter stands by its name only: another
value would change the functions, but not what the alias `live` points to. The built template gets a digest of them.
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
    """Write a digest of the parameters, the stage's own values over the defaults, into every function's environment."""
    template_body = yaml_parse(template.read_text())
    values = {
        name: str(declaration["Default"]) for name, declaration in template_body["Parameters"].items()
    } | overrides
    digest = hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
    template_body["Globals"]["Function"]["Environment"]["Variables"][DIGEST_VARIABLE] = digest[:16]
    template.write_text(yaml_dump(template_body))


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tools.config_digest", description=__doc__)
    parser.add_argument("stage", help="of samconfig.toml")
    parser.add_argument("template", type=Path, help="as `sam build` leaves it")
    options = parser.parse_args()
    try:
        add_digest(options.template, read_overrides(options.stage))
    except ValueError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()

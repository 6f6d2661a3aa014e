"""`python -m tools.configuration STAGE TEMPLATE`: lets a stage's parameters, too, make new versions of the functions.

SAM tells one version from the next by the text of the template, where a parameter stands by its name only: another
value would change the functions, but not what the alias `live` points to. The built template gets a digest of them.
"""

import argparse
import hashlib
import json
import sys
from pathlib import Path

from samcli.yamlhelper import yaml_dump, yaml_parse

from tools.stage import overrides

VARIABLE = "HMS_CONFIGURATION"


def mark(template: Path, own: dict[str, str]) -> None:
    """Write a digest of the parameters, the stage's own values over the defaults, into every function's environment."""
    built = yaml_parse(template.read_text())
    values = {name: str(it["Default"]) for name, it in built["Parameters"].items()} | own
    digest = hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
    built["Globals"]["Function"]["Environment"]["Variables"][VARIABLE] = digest[:16]
    template.write_text(yaml_dump(built))


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tools.configuration", description=__doc__)
    parser.add_argument("stage", help="of samconfig.toml")
    parser.add_argument("template", type=Path, help="as `sam build` leaves it")
    options = parser.parse_args()
    try:
        mark(options.template, overrides(options.stage))
    except ValueError as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()

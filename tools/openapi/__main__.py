"""`python -m tools.openapi`: write docs/openapi.json anew, unless that breaks those who call by what it is now."""

import argparse
import sys

from tools.openapi.document import DOCUMENT, as_text, document
from tools.openapi.promises import PROMISES, broken, promises_of


def main() -> None:
    """Write the document and the promises that it makes; with `--breaking` also where older ones are not kept."""
    parser = argparse.ArgumentParser(prog="tools.openapi", description=__doc__)
    parser.add_argument(
        "--breaking", action="store_true", help="callers will have to change, and CHANGELOG.md says how"
    )
    arguments = parser.parse_args()
    described = document()
    promises = promises_of(described)
    problems = broken(PROMISES.read_text().splitlines(), promises) if PROMISES.exists() else []
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems and not arguments.breaking:
        sys.exit("this breaks callers; BREAKING=1 writes it all the same")
    DOCUMENT.write_text(as_text(described))
    PROMISES.write_text("".join(f"{line}\n" for line in promises))


if __name__ == "__main__":
    main()

"""`python -m tools.openapi`: write docs/openapi.json anew, unless that breaks those who call by what it is now."""

import argparse
import sys

from tools.openapi.breaking_changes import PROMISES, find_breaking_changes, list_promises
from tools.openapi.document import DOCUMENT, build_document, to_json


def main() -> None:
    """Write the document and the promises that it makes; with `--breaking` also where older ones are not kept."""
    parser = argparse.ArgumentParser(prog="tools.openapi", description=__doc__)
    parser.add_argument(
        "--breaking", action="store_true", help="callers will have to change, and CHANGELOG.md says how"
    )
    arguments = parser.parse_args()
    new_document = build_document()
    promises = list_promises(new_document)
    changes = find_breaking_changes(PROMISES.read_text().splitlines(), promises) if PROMISES.exists() else []
    for change in changes:
        print(change, file=sys.stderr)
    if changes and not arguments.breaking:
        sys.exit("this breaks callers; BREAKING=1 writes it all the same")
    DOCUMENT.write_text(to_json(new_document))
    PROMISES.write_text("".join(f"{line}\n" for line in promises))


if __name__ == "__main__":
    main()

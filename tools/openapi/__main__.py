"""Write docs/openapi.json. Fails without writing if the new document breaks callers of the current one."""

import argparse
import sys

from tools.openapi.breaking_changes import PROMISES, find_breaking_changes, list_promises
from tools.openapi.document import DOCUMENT, build_document, to_json


def main() -> None:
    """Write the document and the list of its promises to callers. `--breaking` allows breaking changes."""
    parser = argparse.ArgumentParser(prog="tools.openapi", description=__doc__)
    parser.add_argument("--breaking", action="store_true", help="allow breaking changes; describe them in CHANGELOG.md")
    arguments = parser.parse_args()
    new_document = build_document()
    promises = list_promises(new_document)
    changes = find_breaking_changes(PROMISES.read_text().splitlines(), promises) if PROMISES.exists() else []
    for change in changes:
        print(change, file=sys.stderr)
    if changes and not arguments.breaking:
        sys.exit("nothing was written: these changes break callers; set BREAKING=1 to allow them")
    DOCUMENT.write_text(to_json(new_document))
    PROMISES.write_text("".join(f"{line}\n" for line in promises))


if __name__ == "__main__":
    main()

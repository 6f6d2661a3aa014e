"""`python -m tools.costs [page]`: print the section on costs, or update it in a page."""

import argparse
from pathlib import Path

from tools.costs.section import build_section, replace_section
from tools.costs.stack import Stack


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m tools.costs", description=__doc__)
    parser.add_argument("page", nargs="?", type=Path, help="Markdown page with a section `Costs`")
    page = parser.parse_args().page
    stack = Stack.from_template()
    if page:
        page.write_text(replace_section(page.read_text(), stack))
    else:
        print(build_section(stack), end="")


if __name__ == "__main__":
    main()

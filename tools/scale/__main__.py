"""`python -m tools.scale`: update the costs in docs/operations.md and the tables of docs/scale.md."""

from tools.markdown import fill_tables
from tools.scale import costs, tables
from tools.scale.stack import ROOT, Stack


def main() -> None:
    """Run the command line."""
    stack = Stack.from_template()
    operations, scale = (ROOT / "docs" / name for name in ("operations.md", "scale.md"))
    operations.write_text(costs.replace_section(operations.read_text(), stack))
    scale.write_text(fill_tables(scale.read_text(), tables.make_tables(stack)))


if __name__ == "__main__":
    main()

"""Markdown tables, and their places on pages: between `<!-- table: name -->` and `<!-- end of table -->`."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

PLACE = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end of table -->)", re.DOTALL)


def fill_tables(text: str, tables: Mapping[str, Callable[[], str]]) -> str:
    """Return the page with current tables.

    Raises:
        KeyError: The page has a place for a table that is not in `tables`.
    """
    return PLACE.sub(lambda match: f"{match[1]}{tables[match[2]]()}{match[3]}", text)


def format_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table, with a line break at its end."""
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(_cell(cell) for cell in line)} |\n" for line in lines)


def _cell(text: str) -> str:
    return text.strip().replace("|", "\\|").replace("<", "&lt;")

"""The generated tables of the docs are current."""

from pathlib import Path

import pytest

from tools.config_docs import PAGES, TABLES
from tools.markdown import fill_tables


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_tables_are_what_is_configured(page: Path) -> None:
    assert page.read_text() == fill_tables(page.read_text(), TABLES), "`make reference` writes them"


def test_every_table_is_on_a_page() -> None:
    text = "".join(page.read_text() for page in PAGES)
    assert all(f"<!-- table: {name} -->" in text for name in TABLES)

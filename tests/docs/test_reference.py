"""docs/configuration.md is what decides it."""

from tools.reference import PAGE, TABLES, filled


def test_the_tables_are_what_is_configured() -> None:
    assert PAGE.read_text() == filled(PAGE.read_text()), "`make reference` writes them anew"


def test_every_table_is_on_the_page() -> None:
    assert all(f"<!-- table: {name} -->" in PAGE.read_text() for name in TABLES)
    assert all(len(make().splitlines()) > 5 for make in TABLES.values())

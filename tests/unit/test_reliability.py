"""docs/reliability.md and docs/security.md name tests that there are."""

import re

import pytest

from tests.http_api import ROOT

RELIABILITY, SECURITY = ((ROOT / "docs" / name).read_text() for name in ("reliability.md", "security.md"))
NAMED = re.compile(r"`(?:tests/)?((?:unit|integration|e2e)/[\w/]+\.py)::(\w+)`")
ATTACKS = [line for line in SECURITY.partition("## Attacks tried")[2].splitlines() if line.startswith("| ")][1:]


def test_the_pages_name_tests() -> None:
    assert len(NAMED.findall(RELIABILITY)) > 20
    assert len(NAMED.findall(SECURITY)) > 40


@pytest.mark.parametrize(("file", "name"), sorted({*NAMED.findall(RELIABILITY), *NAMED.findall(SECURITY)}))
def test_a_promise_has_the_test_that_is_named(file: str, name: str) -> None:
    assert f"def {name}(" in (ROOT / "tests" / file).read_text()


@pytest.mark.parametrize("row", ATTACKS, ids=range(len(ATTACKS)))
def test_an_attack_that_was_tried_has_a_test(row: str) -> None:
    assert NAMED.search(row.split(" | ")[-1])


def test_every_other_test_that_the_page_of_security_names_is_there() -> None:
    tests = {file: file.read_text() for file in (ROOT / "tests").rglob("*.py")}
    names = re.findall(r"`(test_\w+)`", SECURITY)
    files = re.findall(r"`(tests/[\w/]+\.py)`", SECURITY)
    assert names
    assert files
    assert [name for name in names if not any(f"def {name}(" in text for text in tests.values())] == []
    assert [file for file in files if not (ROOT / file).is_file()] == []

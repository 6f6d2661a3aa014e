"""The tests and files that docs/reliability.md and docs/security.md name exist."""

import re

from tests.http_api import ROOT

TEXT = "".join((ROOT / "docs" / name).read_text() for name in ("reliability.md", "security.md"))


def test_a_test_that_a_page_names_with_its_file_exists() -> None:
    named = re.findall(r"`(?:tests/)?((?:unit|integration|e2e)/[\w/]+\.py)::(\w+)`", TEXT)
    assert named
    missing = [(file, name) for file, name in named if f"def {name}(" not in (ROOT / "tests" / file).read_text()]
    assert missing == []


def test_a_test_or_a_file_that_a_page_names_alone_exists() -> None:
    tests = "".join(file.read_text() for file in (ROOT / "tests").rglob("*.py"))
    names, files = re.findall(r"`(test_\w+)`", TEXT), re.findall(r"`(tests/[\w/]+\.py)`", TEXT)
    assert names
    assert files
    assert [name for name in names if f"def {name}(" not in tests] == []
    assert [file for file in files if not (ROOT / file).is_file()] == []

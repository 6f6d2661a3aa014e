"""docs/reliability.md names tests that there are."""

import re

import pytest

from tests.http_api import ROOT

NAMED = re.findall(r"`((?:unit|integration|e2e)/[\w/]+\.py)::(\w+)`", (ROOT / "docs" / "reliability.md").read_text())


def test_the_page_names_tests() -> None:
    assert len(NAMED) > 20


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_a_promise_has_the_test_that_is_named(file: str, name: str) -> None:
    assert f"def {name}(" in (ROOT / "tests" / file).read_text()

"""The operators of tools.mutants and their selection."""

from pathlib import Path

import pytest

from tests.http_api import ROOT
from tools.mutants.mutant import select
from tools.mutants.near_tests import NEAR_TESTS

CODE = '''\
"""A module."""
LIMIT = 10


def add(left: int | None, right: int) -> int:
    """Return the sum."""
    total = sum([left or 0, right], 0)
    if left is None or total > LIMIT:
        raise ValueError("too large")
    return total
'''


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "module.py").write_text(CODE)
    return tmp_path


def test_every_kind_changes_the_code(root: Path) -> None:
    changes = {mutant.diff for mutant in select(root, ["module.py"], 100)}
    assert {
        "-LIMIT = 10\n+LIMIT = 11",
        "-    if left is None or total > LIMIT:\n+    if left is None or total >= LIMIT:",
        "-    if left is None or total > LIMIT:\n+    if left is None and total > LIMIT:",
        "-    total = sum([left or 0, right], 0)\n+    pass",
        '-        raise ValueError("too large")\n+        pass',
        "-    total = sum([left or 0, right], 0)\n+    total = sum( 0,[left or 0, right])",
    } <= changes
    assert not [change for change in changes if "def add" in change]


def test_the_selection_is_the_same_each_time_and_survives_other_edits(root: Path) -> None:
    before = [mutant.diff for mutant in select(root, ["module.py"], 8)]
    assert len(before) == 8
    (root / "module.py").write_text(f"import json\n{CODE}")
    assert [mutant.diff for mutant in select(root, ["module.py"], 8)] == before


def test_the_tests_and_modules_of_the_table_exist() -> None:
    assert [path for path in NEAR_TESTS if not (ROOT / "layers/common" / path).exists()] == []
    assert [test for tests in NEAR_TESTS.values() for test in tests if not (ROOT / "tests" / test).exists()] == []

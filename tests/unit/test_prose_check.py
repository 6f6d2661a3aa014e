"""The prose check finds the texts of each kind of file, and the marker words in them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tools import prose_check


@pytest.mark.parametrize(
    ("read", "source", "texts"),
    [
        (
            prose_check.docstrings,
            '"""A module."""\nLIMIT = 1\n"""A limit."""\nname = "no docstring"',
            ["A module.", "A limit."],
        ),
        (prose_check.comments, 'name = "# a string"  # a comment', ["# a comment"]),
        (prose_check.messages, '"""A module."""\nraise ValueError(f"{name}: is required", "one")', ["…: is required"]),
        (prose_check.makefile_texts, "# a comment\nrun: ## start it\n\t@echo '#'", ["# a comment", "## start it"]),
        (
            prose_check.template_texts,
            "Description: A stack\nName: !Sub a-${B}\nAlarm: # why\n  AlarmDescription: !Sub High",
            ["# why", "A stack", "High"],
        ),
        (
            prose_check.openapi_texts,
            '{"paths": [{"summary": "List rooms"}], "description": {"description": "A field"}, "title": "Room"}',
            ["List rooms", "A field"],
        ),
    ],
)
def test_texts_of_each_kind_of_file_are_read(read: Callable[[str], list[str]], source: str, texts: list[str]) -> None:
    assert read(source) == texts


@pytest.mark.parametrize("marker", ["told", "Mended", "came of", "what it", "of its own", "where there is"])
def test_a_marker_word_is_found(marker: str) -> None:
    assert prose_check.MARKERS.search(f"It is {marker} here.")


def test_plain_english_has_no_marker() -> None:
    assert not prose_check.MARKERS.search("Retries only when a retry cannot repeat a side effect.")


def test_markers_are_counted_by_group(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text('"""Tells the caller."""\n# nobody knows\nraise ValueError("it is due")\n')
    groups = prose_check.count([module])
    assert {group: counted[module] for group, counted in groups.items()} == {
        "docstrings": (3, 1),
        "comments": (3, 1),
        "messages": (3, 1),
    }

"""docs/simulator.md and contract/notes.md list each choice that is not plain documentation, by the ID in the code."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.http_api import ROOT
from tests.support.contract import document
from tests.support.fidelity import LISTED

GRADES = {"recorded", "suite", "client", "doc", "guess"}
_ID = r"[a-z0-9]+(?:-[a-z0-9]+)*\.[a-z0-9]+(?:-[a-z0-9]+)*"


def listed(page: str, pattern: str) -> dict[str, list[str]]:
    """Return the cells of each table row that starts with an ID, by ID. No ID is listed twice."""
    lines = re.findall(rf"^\| `({pattern})` \| (.+) \|$", (ROOT / page).read_text("utf-8"), re.MULTILINE)
    assert [name for name, count in Counter(name for name, _ in lines).items() if count > 1] == []
    return {name: re.split(r" \| ", cells) for name, cells in lines}


def simulator_sources() -> list[Path]:
    return sorted((ROOT / "simulator").rglob("*.py"))


def test_the_simulator_and_its_page_have_the_same_choices() -> None:
    comments = "\n".join(re.findall(r"#.*", "\n".join(file.read_text("utf-8") for file in simulator_sources())))
    in_code = set(re.findall(rf"\[({_ID})\]", comments))
    choices = listed("docs/simulator.md", _ID)
    assert in_code == choices.keys()
    assert len(in_code) > 100


def test_no_choice_is_marked_in_another_way() -> None:
    pattern = re.compile(r"#.*\bassumed?\b", re.IGNORECASE)
    assert [file.name for file in simulator_sources() if pattern.search(file.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    ("page", "pattern"), [("docs/simulator.md", _ID), ("contract/notes.md", r"observed\.[a-z0-9-]+")]
)
def test_each_choice_has_a_grade_and_a_source_unless_it_is_a_guess(page: str, pattern: str) -> None:
    for name, cells in listed(page, pattern).items():
        *_, grade, source = cells
        assert grade in GRADES, name
        assert (source == "-") == (grade == "guess"), name


def test_listed_differences_from_samples_name_a_choice() -> None:
    choices = listed("docs/simulator.md", _ID)
    lines = [line.split("\t") for line in LISTED.read_text("utf-8").splitlines()[1:]]
    assert [line for line in lines if len(line) != 3 or line[2] not in choices] == []


def test_the_contract_and_its_notes_have_the_same_observations() -> None:
    def marks(node: Any) -> set[str]:
        if isinstance(node, list):
            return {mark for item in node for mark in marks(item)}
        if not isinstance(node, dict):
            return set()
        own = {node["x-observed"]} if "x-observed" in node else set()
        return own | marks(list(node.values()))

    assert marks(document()) == listed("contract/notes.md", r"observed\.[a-z0-9-]+").keys()

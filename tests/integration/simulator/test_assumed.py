"""Assumptions about 100ms: each comment that starts with `assumed:` has an item in docs/simulator.md."""

import re
import tokenize
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parents[3]
CODE = ROOT / "simulator"
DOCUMENT = ROOT / "docs" / "simulator.md"


def comments(file: Path) -> list[str]:
    """The comments of a file; those on lines of their own, one below the other, are one."""
    with file.open("rb") as source:
        tokens = [token for token in tokenize.tokenize(source.readline) if token.type == tokenize.COMMENT]
    whole: list[str] = [token.string.lstrip("# ") for token in tokens[:1]]
    for above, token in pairwise(tokens):
        text = token.string.lstrip("# ")
        continues = token.start == (above.start[0] + 1, above.start[1]) and token.line.lstrip().startswith("#")
        if continues and not text.startswith("assumed"):
            whole[-1] += f" {text}"
        else:
            whole.append(text)
    return whole


def marked() -> int:
    """Count the assumptions in the code."""
    found = {(file, text) for file in CODE.rglob("*.py") for text in comments(file) if re.search(r"\bassumed\b", text)}
    assert [text for _, text in found if not text.startswith("assumed: ")] == []
    return len(found)


def listed() -> list[str]:
    """Return the assumptions of the document."""
    lines = DOCUMENT.read_text("utf-8").partition("## Assumed\n")[2].splitlines()
    return [line for line in lines if line.startswith("- ")]


def test_the_document_lists_each_assumption_of_the_code() -> None:
    assert len(listed()) == marked()

"""What the simulator does where 100ms's documentation is silent: marked in the code, listed in docs/simulator.md.

A comment that starts with `assumed:` is listed word for word, but for a final full stop, under the name of its section,
which is its directory or, in the simulator's own, its file. The list may put a subject in bold before it.
"""

import re
import tokenize
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parents[3]
CODE = ROOT / "simulator"
DOCUMENT = ROOT / "docs" / "simulator.md"

Assumption = tuple[str, str]


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


def marked() -> list[Assumption]:
    """The assumptions in the code."""
    found = []
    for file in CODE.rglob("*.py"):
        section = file.relative_to(CODE).parts[0].removesuffix(".py")
        for comment in comments(file):
            if re.search(r"\bassumed\b", comment):
                assert comment.startswith("assumed: "), f"{file}: {comment}"
                found.append((section, comment.removeprefix("assumed: ").removesuffix(".")))
    return found


def listed() -> list[Assumption]:
    """The assumptions in the document."""
    found = []
    section = ""
    for line in DOCUMENT.read_text("utf-8").partition("## Assumed\n")[2].splitlines():
        if line.startswith("### "):
            section = line.removeprefix("### ")
        elif line.startswith("- "):
            found.append((section, re.sub(r"^- (\*\*.+?\*\* )?", "", line)))
    return found


def test_what_the_code_assumes_is_listed_in_the_document() -> None:
    assert sorted(set(marked()) - set(listed())) == []


def test_what_the_document_lists_is_assumed_in_the_code() -> None:
    assert sorted(set(listed()) - set(marked())) == []
    assert len(listed()) == len(set(listed()))

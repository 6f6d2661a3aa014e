"""Check that the project's texts are plain English: count the marker words of a compressed, inverted style.

Prints the rate of each group of texts and the files with the most markers. Exits with 1 if a group is over the limit.
"""

import argparse
import ast
import io
import json
import re
import subprocess
import sys
import tokenize
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

MARKERS_PER_1000_WORDS = 1.5
MARKERS = re.compile(
    r"\b("
    r"anew|mend(s|ed|ing)?|told|tells?|whoever|besides|meanwhile|asked\sof|comes?\sto|came\sof|becomes?\sof"
    r"|what\s(is|was|there|it|they|that|comes|came|each|every|all|no|the)"
    r"|taken|makes\sup|is\snone|at\shand|due|nobody|thus|spelt|misspelt|by\sitself|of\s(its|their|one's|your)\sown"
    r"|no\smore|for\sever|lest|where\s(it|there|that|one|they)\s"
    r")\b",
    re.IGNORECASE,
)
TEMPLATES = ("template.yaml", "monitoring.yaml", "domain.yaml")
NOT_DEPLOYED = ("tests", "benchmarks")

Reader = Callable[[str], list[str]]


def docstrings(source: str) -> list[str]:
    """Return every string that stands alone as a statement: docstrings, those of attributes included."""
    nodes = ast.walk(ast.parse(source))
    values = [node.value for node in nodes if isinstance(node, ast.Expr)]
    return [value.value for value in values if isinstance(value, ast.Constant) and isinstance(value.value, str)]


def comments(source: str) -> list[str]:
    """Return the comments of a Python file."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return [token.string for token in tokens if token.type == tokenize.COMMENT]


def messages(source: str) -> list[str]:
    """Return the texts that a program shows (errors, log messages, help): literals of several words, no docstrings."""
    tree = ast.parse(source)
    skipped: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            skipped.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            skipped.update(node.values)
    texts = [_literal(node) for node in ast.walk(tree) if node not in skipped]
    return [text for text in texts if len(text.split()) > 1]


def _literal(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(_literal(value) or "…" for value in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def makefile_texts(source: str) -> list[str]:
    """Return the comments of a Makefile and its help texts, which follow `##`."""
    return re.findall(r"^#.*|(?<= )## .*", source, re.MULTILINE)


def template_texts(source: str) -> list[str]:
    """Return the comments and descriptions of a CloudFormation template."""
    return re.findall(r"(?:^|(?<=\s))# .*", source, re.MULTILINE) + list(
        _values(yaml.load(source, Loader=_TemplateLoader), "Description")  # noqa: S506 - a SafeLoader
    )


def openapi_texts(source: str) -> list[str]:
    """Return the summaries and descriptions of an OpenAPI document."""
    document = json.loads(source)
    return [*_values(document, "summary"), *_values(document, "description")]


def _values(document: Any, suffix: str) -> Iterator[str]:
    """Yield the strings whose key ends with a suffix, at any depth."""
    members = document.items() if isinstance(document, dict) else enumerate(document)
    for key, value in members:
        if isinstance(value, str):
            if str(key).endswith(suffix):
                yield value
        elif isinstance(value, dict | list):
            yield from _values(value, suffix)


class _TemplateLoader(yaml.SafeLoader):
    """Reads CloudFormation's tags, such as `!Sub`, as the values that they stand before."""

    def untagged(self, _suffix: str, node: yaml.Node) -> Any:
        if isinstance(node, yaml.MappingNode):
            return self.construct_mapping(node, deep=True)
        if isinstance(node, yaml.SequenceNode):
            return self.construct_sequence(node, deep=True)
        return node.value


_TemplateLoader.add_multi_constructor("!", _TemplateLoader.untagged)


def readers(path: Path) -> dict[str, Reader]:
    """Return, for each group that a file has texts in, the function that reads them."""
    if path.suffix == ".py":
        if path.parts[0] in NOT_DEPLOYED:
            return {"test docstrings": docstrings, "comments": comments}
        return {"docstrings": docstrings, "comments": comments, "messages": messages}
    if path.suffix == ".md":
        return {"pages": lambda source: [source]}
    if path.name == "Makefile":
        return {"Makefile": makefile_texts}
    if str(path) in TEMPLATES:
        return {"templates": template_texts}
    return {"OpenAPI": openapi_texts} if str(path) == "docs/openapi.json" else {}


def count(files: list[Path]) -> dict[str, dict[Path, tuple[int, int]]]:
    """Return the words and the markers of each file, by group."""
    groups: dict[str, dict[Path, tuple[int, int]]] = {}
    for path in files:
        for group, read in readers(path).items():
            texts = read(path.read_text())
            words = sum(len(text.split()) for text in texts)
            markers = sum(1 for text in texts for _ in MARKERS.finditer(text))
            groups.setdefault(group, {})[path] = words, markers
    return groups


def project_files(only: list[Path]) -> list[Path]:
    """Return the files that git knows or would add, those of `only` (files or folders) if it is not empty."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *map(str, only)]
    names = set(subprocess.check_output(command, text=True).splitlines())  # noqa: S603 - no shell
    return [path for path in map(Path, sorted(names)) if path.is_file()]


def main() -> int:
    """Print the rate of each group and its worst files; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.prose_check", description=__doc__)
    parser.add_argument("--most", type=int, default=5, metavar="N", help="list N files of each group (default: 5)")
    parser.add_argument("--only", type=Path, nargs="+", default=[], metavar="PATH", help="count these files or folders")
    parser.add_argument("--show", action="store_true", help="print each marker with the words around it")
    arguments = parser.parse_args()
    files = project_files(arguments.only)
    is_over = False
    for group, counted in sorted(count(files).items()):
        words = sum(found for found, _ in counted.values())
        markers = sum(found for _, found in counted.values())
        rate = 1000 * markers / max(words, 1)
        is_over |= rate > MARKERS_PER_1000_WORDS
        print(f"{group}: {words} words, {markers} markers, {rate:.1f} per 1,000 (limit {MARKERS_PER_1000_WORDS})")
        worst = sorted(((found, path) for path, (_, found) in counted.items() if found), reverse=True)
        for found, path in worst[: arguments.most]:
            print(f"{found:5} {path}")
    if arguments.show:
        print(*(line for path in files for line in passages(path)), sep="\n")
    return is_over


def passages(path: Path) -> Iterator[str]:
    """Yield each marker of a file with the words around it."""
    for read in readers(path).values():
        for text in read(path.read_text()):
            for marker in MARKERS.finditer(text):
                passage = text[max(marker.start() - 50, 0) : marker.end() + 50]
                yield f"{path}: … {' '.join(passage.split())} …"


if __name__ == "__main__":
    sys.exit(main())

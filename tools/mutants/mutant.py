"""The mutants of the layer, and the seeded selection of some of them."""

import difflib
import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, zip_longest
from pathlib import Path

import parso
from cosmic_ray.ast import ast_nodes
from cosmic_ray.mutating import mutate_code
from parso.tree import NodeOrLeaf

from tools.mutants.operators import KINDS, Operator

SEED = 100


@dataclass(frozen=True)
class Mutant:
    """One change to one module."""

    module: str
    """Path of the module below layers/common."""
    kind: str
    line: int
    source: str = field(repr=False)
    operator: Operator = field(repr=False)
    occurrence: int
    """How many changes of the operator in this module come first."""
    rank: str
    """Its place in the selection, a hash. It does not depend on other lines."""

    @cached_property
    def code(self) -> str | None:
        """The changed module, or None if the change is none or is no Python."""
        with suppress(SyntaxError, AttributeError):
            code: str = mutate_code(self.source, self.operator, self.occurrence)
            compile(code, self.module, "exec")
            return code if code != self.source else None
        return None

    @property
    def diff(self) -> str:
        """The removed and added lines."""
        lines = difflib.unified_diff(self.source.splitlines(), (self.code or "").splitlines(), n=0, lineterm="")
        return "\n".join(line for line in lines if not line.startswith(("---", "+++", "@@")))

    @property
    def key(self) -> str:
        """Identifies the changed module in the results."""
        return hashlib.sha256(f"{self.module}\n{self.code}".encode()).hexdigest()[:16]


def select(root: Path, modules: list[str], count: int) -> list[Mutant]:
    """Return mutants of the modules, chosen by the seed: the same number of each kind, as long as there are any."""
    by_kind: dict[str, list[Mutant]] = {kind: [] for kind in KINDS}
    for module in modules:
        for mutant in _mutants(module, (root / module).read_text()):
            by_kind[mutant.kind].append(mutant)
    ranked = (sorted(mutants, key=lambda mutant: mutant.rank) for mutants in by_kind.values())
    chosen: list[Mutant] = []
    for mutant in chain.from_iterable(zip_longest(*ranked)):
        if len(chosen) == count:
            break
        if mutant and mutant.code:
            chosen.append(mutant)
    return sorted(chosen, key=lambda mutant: (mutant.module, mutant.line))


def _mutants(module: str, source: str) -> Iterator[Mutant]:
    lines = source.splitlines()
    nodes = list(ast_nodes(parso.parse(source)))
    for kind, operators in KINDS.items():
        for number, operator in enumerate(operators):
            seen: list[str] = []
            positions = ((node, start[0]) for node in nodes for start, _ in operator.mutation_positions(node))
            for occurrence, (node, line) in enumerate(positions):
                text = lines[line - 1]
                identity = f"{SEED} {module} {kind} {number} {text} {seen.count(text)}"
                rank = hashlib.sha256(identity.encode()).hexdigest()
                seen.append(text)
                if not _is_for_types_only(node, text):
                    yield Mutant(module, kind, line, source, operator, occurrence, rank)


def _is_for_types_only(node: NodeOrLeaf, text: str) -> bool:
    """Return True for `if TYPE_CHECKING`, options of dataclasses and the `*` before keyword-only parameters."""
    is_marker = node.type == "operator" and node.parent is not None and node.parent.type in ("parameters", "lambdef")
    return is_marker or "TYPE_CHECKING" in text or text.startswith("@dataclass")

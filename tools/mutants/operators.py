"""The changes that are made to code, by kind. Most operators come from cosmic-ray; it has none for the rest."""

from collections.abc import Iterator
from typing import Any, Protocol

from cosmic_ray.operators import (
    binary_operator_replacement,
    boolean_replacer,
    comparison_operator_replacement,
    exception_replacer,
    number_replacer,
    unary_operator_replacement,
)
from parso.python.tree import Keyword
from parso.tree import BaseNode, NodeOrLeaf, search_ancestor

SYMMETRIC = ("min", "max", "_random.uniform")

Position = tuple[tuple[int, int], tuple[int, int]]


class Operator(Protocol):
    """An operator of cosmic-ray."""

    def mutation_positions(self, node: NodeOrLeaf) -> Iterator[Position]:
        """Yield the start and end of each change that the operator can make at a node."""

    def mutate(self, node: Any, index: int) -> NodeOrLeaf:
        """Return the node with one of these changes."""


class RemoveStatement:
    """Replaces a statement of a function with `pass`."""

    def __init__(self, *types: str) -> None:
        self._types = types

    def mutation_positions(self, node: NodeOrLeaf) -> Iterator[Position]:
        """Yield the position of a statement of one of the types."""
        if node.type in self._types and search_ancestor(node, "funcdef") and _is_statement(node):
            yield node.start_pos, node.end_pos

    def mutate(self, node: NodeOrLeaf, index: int) -> NodeOrLeaf:  # noqa: ARG002 (one change a position)
        """Return `pass`."""
        return Keyword("pass", node.start_pos, node.get_first_leaf().prefix)


class SwapArguments:
    """Swaps the first two positional arguments of a call. Symmetric functions are left out."""

    def mutation_positions(self, node: NodeOrLeaf) -> Iterator[Position]:
        """Yield the position of arguments of which the first two are positional."""
        if node.type == "arglist" and isinstance(node, BaseNode) and _called_name(node) not in SYMMETRIC:
            first, second = (node.children + [None] * 3)[0:3:2]
            if first and second and "argument" not in (first.type, second.type):
                yield node.start_pos, node.end_pos

    def mutate(self, node: BaseNode, index: int) -> BaseNode:  # noqa: ARG002 (one change a position)
        """Return the arguments with the first two swapped."""
        node.children[0], node.children[2] = node.children[2], node.children[0]
        return node


def _called_name(arguments: NodeOrLeaf) -> str:
    trailer = arguments.parent
    if trailer is None or trailer.parent is None:
        return ""
    return "".join(child.get_code() for child in trailer.parent.children[:-1]).strip()


def _is_statement(node: NodeOrLeaf) -> bool:
    return node.parent is not None and node.parent.type == "simple_stmt"


def _from(module: object, *names: str) -> list[Operator]:
    return [getattr(module, name)() for name in names]


_COMPARISONS = (
    "Eq_NotEq",
    "NotEq_Eq",
    "Is_IsNot",
    "IsNot_Is",
    "Lt_LtE",
    "Lt_GtE",
    "LtE_Lt",
    "LtE_Gt",
    "Gt_GtE",
    "Gt_LtE",
    "GtE_Gt",
    "GtE_Lt",
)
_ARITHMETIC = ("Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "FloorDiv_Mul", "Mod_Mul", "Pow_Mul")

KINDS: dict[str, list[Operator]] = {
    "comparison": _from(
        comparison_operator_replacement, *(f"ReplaceComparisonOperator_{name}" for name in _COMPARISONS)
    ),
    "arithmetic": _from(binary_operator_replacement, *(f"ReplaceBinaryOperator_{name}" for name in _ARITHMETIC)),
    "boolean": [
        *_from(boolean_replacer, "AddNot", "ReplaceAndWithOr", "ReplaceOrWithAnd"),
        *_from(unary_operator_replacement, "ReplaceUnaryOperator_Delete_Not"),
    ],
    "constant": [
        *_from(number_replacer, "NumberReplacer"),
        *_from(boolean_replacer, "ReplaceTrueWithFalse", "ReplaceFalseWithTrue"),
    ],
    "removed statement": [RemoveStatement("expr_stmt", "atom_expr", "return_stmt")],
    "removed exception": [RemoveStatement("raise_stmt"), *_from(exception_replacer, "ExceptionReplacer")],
    "swapped argument": [SwapArguments()],
}

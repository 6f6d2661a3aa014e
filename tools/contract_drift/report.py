"""The printed report of differences."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator

from tools.contract_drift.difference import Difference


class Report:
    """Counts differences by operation or event type.

    Args:
        compared: the compared items, such as `answers`.
        group: the unit of the counts, such as `operations`.
    """

    def __init__(self, compared: str, group: str) -> None:
        self._compared = compared
        self._group = group
        self._totals: Counter[str] = Counter()
        self._differences: defaultdict[str, Counter[Difference]] = defaultdict(Counter)
        self._undocumented: Counter[str] = Counter()

    def add(self, name: str, differences: Collection[Difference]) -> None:
        """Add one compared answer or webhook."""
        self._totals[name] += 1
        self._differences[name].update(differences)

    def add_undocumented(self, name: str) -> None:
        """Add one that the documentation does not describe."""
        self._undocumented[name] += 1

    def __iter__(self) -> Iterator[str]:
        for name, differences in sorted(self._differences.items()):
            if differences:
                yield name
            for difference, count in sorted(differences.items()):
                yield f"  {difference}  ({count} of {self._totals[name]})"
        for name, count in sorted(self._undocumented.items()):
            yield f"{name}\n  not documented  ({count})"
        differing = sum(bool(differences) for differences in self._differences.values())
        yield (
            f"Compared {self._totals.total()} {self._compared} with the documentation: "
            f"{differing} of {len(self._totals)} {self._group} differ"
            f"{f', {len(self._undocumented)} more not documented' if self._undocumented else ''}"
        )

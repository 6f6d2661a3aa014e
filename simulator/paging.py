"""The one pager: newest first, `limit` items after `start`, and the `last` to go on from."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import dropwhile, islice
from typing import Any, Generic, TypeVar

from simulator.errors import invalid_query

DEFAULT_LIMIT = 10
MIN_LIMIT = 10
MAX_LIMIT = 100

Item = TypeVar("Item")


@dataclass(frozen=True)
class PageQuery:
    """How many items a caller asks for, and after which one."""

    limit: int
    start: str


@dataclass(frozen=True)
class Page(Generic[Item]):
    """Some items of a list; `last` is the key of the final one, `more` whether others follow."""

    limit: int
    items: list[Item]
    last: str
    more: bool

    def to_dict(self, serialize: Callable[[Item], dict[str, Any]]) -> dict[str, Any]:
        """The page as most lists answer it: `limit`, `data` and `last`."""
        return {"limit": self.limit, "data": [serialize(item) for item in self.items], "last": self.last}


def page(
    newest_first: Iterable[Item],
    query: PageQuery,
    key: Callable[[Item], str],
    predicate: Callable[[Item], bool] = lambda _: True,
) -> Page[Item]:
    """The items that pass `predicate`, after the one whose key is `query.start`.

    Raises BadRequest where no item has that key.
    """
    items = iter(newest_first)
    if query.start and next(dropwhile(lambda item: key(item) != query.start, items), None) is None:
        raise invalid_query("start")  # assumed: what an unknown cursor answers is not documented
    matches = list(islice(filter(predicate, items), query.limit + 1))
    page_items = matches[: query.limit]
    return Page(query.limit, page_items, key(page_items[-1]) if page_items else "", len(matches) > len(page_items))

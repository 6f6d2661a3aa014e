"""Page lists: newest first, up to `limit` items after the cursor `start`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import dropwhile, islice
from typing import Any, Generic, TypeVar

from simulator.errors import invalid_query

DEFAULT_LIMIT = 10
MIN_LIMIT = 1
MAX_LIMIT = 100
STATED_MIN_LIMIT = 10
"""The minimum of rooms, sessions and templates."""  # [requests.limit-range] other pages name none

Item = TypeVar("Item")


@dataclass(frozen=True)
class PageQuery:
    """The requested number of items, and the cursor: the key of the item before them, or "" for the first page."""

    limit: int
    start: str


@dataclass(frozen=True)
class Page(Generic[Item]):
    """A page of a list. `last` is the key of its last item; `more` is True if more items follow."""

    limit: int
    items: list[Item]
    last: str
    more: bool

    def to_dict(self, serialize: Callable[[Item], dict[str, Any]]) -> dict[str, Any]:
        """Return the page in the shape of most lists: `limit`, `data` and `last`."""
        return {"limit": self.limit, "data": [serialize(item) for item in self.items], "last": self.last}


def page(
    newest_first: Iterable[Item],
    query: PageQuery,
    key: Callable[[Item], str],
    predicate: Callable[[Item], bool] = lambda _: True,
) -> Page[Item]:
    """Return a page of the items that match `predicate`, after the item with the key `query.start`.

    Raises BadRequest if no item has that key.
    """
    items = iter(newest_first)
    if query.start and next(dropwhile(lambda item: key(item) != query.start, items), None) is None:
        raise invalid_query("start")  # [paging.unknown-start] 400 for an unknown cursor
    matches = list(islice(filter(predicate, items), query.limit + 1))
    page_items = matches[: query.limit]
    return Page(query.limit, page_items, key(page_items[-1]) if page_items else "", len(matches) > len(page_items))

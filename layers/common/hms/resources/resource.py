"""Base class of the resources: send an operation, iterate over the pages of a list."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from hms.operation import Operation
from hms.requester import Requester
from hms.types import Body, Query, Response, to_query_pairs


class Resource:
    """A resource of the REST API.

    Every method returns the unparsed response of 100ms with any status, and raises the errors of `Requester.call`.

    Args:
        requester: sends the operations.
    """

    def __init__(self, requester: Requester) -> None:
        self._requester = requester

    def _call(
        self,
        operation: Operation,
        *,
        query: Query = (),
        body: Body | None = None,
        members: Mapping[str, object] | None = None,
        token: str | None = None,
        **path_parameters: str,
    ) -> Response:
        """Send the operation with `body`, or with a body that consists of `members`.

        Raises:
            TypeError: Both are given.
        """
        if members and body is not None:
            raise TypeError("pass either the body or its members as keyword arguments")
        return self._requester.call(operation, path_parameters, query=query, body=members or body, token=token)

    def _iterate(
        self,
        list_page: Callable[[Query], Response],
        query: Query,
        filters: Mapping[str, object],
        *,
        max_items: int | None = None,
        items: str = "data",
        last: str = "last",
    ) -> Iterator[dict[str, Any]]:
        """Yield the items of all pages, starting at the query's `start`. Makes one call per page.

        Args:
            list_page: lists one page.
            query: filters and page size.
            filters: filters and page size as keyword arguments.
            max_items: maximum number of items; None: all.
            items: member of a page that holds its items.
            last: member of a page that holds the cursor of the next page.

        Raises:
            HmsError: 100ms responded with an error status.
        """
        remaining = max_items
        pairs = [*to_query_pairs(query), *to_query_pairs(filters)]
        other_pairs = [pair for pair in pairs if pair[0] != "start"]
        cursor = dict(pairs).get("start", "")
        while remaining is None or remaining > 0:
            page = list_page([*other_pairs, ("start", cursor)] if cursor else other_pairs).raise_for_status().json()
            page_items = page.get(items) or []
            yield from page_items[:remaining]
            remaining = None if remaining is None else remaining - len(page_items)
            cursor = page.get(last) or ""
            if not cursor or len(page_items) < max(page.get("limit") or 0, 1):
                return

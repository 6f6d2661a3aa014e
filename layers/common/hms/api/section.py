"""What all sections share: a request is checked by its models, then sent."""

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from hms.client import Body, HmsClient, Query, RawJson, Reply, dump, query_pairs
from hms.errors import BadRequest
from hms.settings import UnknownFields

if TYPE_CHECKING:
    from pydantic import BaseModel


class Section:
    """A section of the REST API.

    Every method returns the answer of 100ms unparsed, whatever its status. It raises `BadRequest`, and sends nothing,
    where the query or the body is not what `hms.models.<section>` describes; otherwise it raises as `HmsClient.request`
    does.

    Args:
        client: what sends the requests.
    """

    def __init__(self, client: HmsClient) -> None:
        self._client = client

    def _call(
        self,
        method: str,
        *segments: str,
        query: Query = (),
        query_model: str = "",
        query_required: bool = False,
        body: Body | None = None,
        body_model: str = "",
        token: str | None = None,
    ) -> Reply:
        """Check by the models named, of this section's module, and send; models are loaded only where needed."""
        pairs = query_pairs(query)
        if query_model and (pairs or query_required):
            self._check(query_model, _by_name(pairs), "query")
        elif pairs and self._client.settings.unknown_fields is UnknownFields.REFUSE:
            raise BadRequest("Invalid query", details=[f"{name}: unknown field" for name, _ in pairs])
        if body_model and body is not None:
            self._check_body(body_model, body)
        return self._client.request(method, *segments, query=pairs, body=body, token=token)

    def _check_body(self, model: str, body: Body) -> None:
        self._check(model, body.value if isinstance(body, RawJson) else dump(body), "body")

    def _check(self, model: str, value: object, what: str) -> None:
        from hms.models.base import check

        models = import_module(f"hms.models.{type(self).__module__.rpartition('.')[2]}")
        found: type[BaseModel] = getattr(models, model)
        check(found, value, what, self._client.settings.unknown_fields)

    def _iterate(
        self,
        list_page: Callable[[Query], Reply],
        query: Query,
        filters: Mapping[str, object],
        *,
        max_items: int | None = None,
        items: str = "data",
        last: str = "last",
    ) -> Iterator[dict[str, Any]]:
        """The items of all pages, from the page that the query names on, a call a page.

        Args:
            list_page: what lists one page.
            query: filters and page size.
            filters: the same by name.
            max_items: how many items at most; None: all.
            items: under which name a page has its items.
            last: under which name a page has the cursor of the next one.

        Raises:
            HmsError: 100ms answered with another status than success.
        """
        left = max_items
        pairs = [*query_pairs(query), *query_pairs(filters)]
        others = [pair for pair in pairs if pair[0] != "start"]
        cursor = dict(pairs).get("start", "")
        while left is None or left > 0:
            page = list_page([*others, ("start", cursor)] if cursor else others).raise_for_status().json()
            found = page.get(items) or []
            yield from found[:left]
            left = None if left is None else left - len(found)
            cursor = page.get(last) or ""
            if not cursor or len(found) < max(page.get("limit") or 0, 1):
                return


def _by_name(pairs: list[tuple[str, str]]) -> dict[str, str | list[str]]:
    """The query as its models see it: a name that stands more than once has a list."""
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return {name: found[0] if len(found) == 1 else found for name, found in values.items()}

"""Analytics and webhook history: one method an operation of the REST API."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from hms.api.section import Section
from hms.client import ObjectBody, Query, Reply, query_pairs


class Analytics(Section):
    """Operations under /analytics."""

    def list_events(self, query: Query) -> Reply:
        """Query track, recording and client-error events.

        Args:
            query: an `EventListQuery`, or its members.

        https://www.100ms.live/docs/server-side/v2/api-reference/analytics/overview
        """
        return self._call("GET", "analytics", "events", query=query, query_model="EventListQuery", query_required=True)

    def iterate_events(
        self, query: Query = (), *, max_items: int | None = None, **filters: object
    ) -> Iterator[dict[str, Any]]:
        """The events of all pages; as `list_events`, and raises `HmsError` for an answer that is no success."""
        return self._iterate(self.list_events, query, filters, max_items=max_items, items="events", last="next")

    def list_webhook_events(self, query: Query = ()) -> Reply:
        """Browse the webhook delivery history.

        Args:
            query: a `WebhookEventListQuery`, or its members.

        https://www.100ms.live/docs/server-side/v2/api-reference/analytics/list-webhook-events
        """
        return self._call("GET", "analytics", "webhooks", query=query, query_model="WebhookEventListQuery")

    def iterate_webhook_events(
        self, query: Query = (), *, max_items: int | None = None, **filters: object
    ) -> Iterator[dict[str, Any]]:
        """The deliveries of all pages; as `list_webhook_events`, and raises `HmsError` for an answer without success.

        Pages are counted, so name an `end_time`: webhooks delivered meanwhile move the others from page to page.
        """
        return islice(self._webhook_events([*query_pairs(query), *query_pairs(filters)]), max_items)

    def _webhook_events(self, query: list[tuple[str, str]]) -> Iterator[dict[str, Any]]:
        others = [pair for pair in query if pair[0] != "page"]
        while True:
            page = self.list_webhook_events(query).raise_for_status().json()
            found, pagination = page.get("events"), page.get("pagination") or {}
            yield from found or []
            if not found or not pagination.get("has_next"):
                return
            query = [*others, ("page", str(pagination["current_page"] + 1))]

    def replay_webhook_events(self, body: ObjectBody | None = None, query: Query = ()) -> Reply:
        """Queue a re-delivery of past webhooks.

        Args:
            body: a `WebhookReplay`, or its members.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/analytics/replay-webhook-events
        """
        return self._call("POST", "analytics", "webhooks", "replay", query=query, body=body, body_model="WebhookReplay")

    def retrieve_replay(self, workflow_id: str, query: Query = ()) -> Reply:
        """Inspect a replay workflow.

        Args:
            workflow_id: what the replay was answered with.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/analytics/replay-webhook-events
        """
        return self._call("GET", "analytics", "webhooks", "replay", workflow_id, query=query)

    def retrieve_peer_stats(self, query: Query) -> Reply:
        """Read quality time series of one peer.

        Args:
            query: a `PeerStatsQuery`, or its members.

        https://www.100ms.live/docs/server-side/v2/api-reference/analytics/peer-quality-stats
        """
        return self._call(
            "GET", "analytics", "peer-stats", query=query, query_model="PeerStatsQuery", query_required=True
        )

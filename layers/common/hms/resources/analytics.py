"""Analytics and webhook history: one method per operation."""

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, Unpack

from hms import models
from hms.operation import Credential, Operation
from hms.resources.resource import Resource
from hms.types import ObjectBody, Query, Response, to_query_pairs

if TYPE_CHECKING:
    from hms.params.analytics import WebhookReplayParams

LIST_EVENTS = Operation(
    "analytics.list_events",
    "GET",
    "/analytics/events",
    query=lambda: models.analytics.EventListQuery,
    query_required=True,
    response="AnalyticsEventPage",
    credentials=(Credential("events.data", "event"),),
)
LIST_WEBHOOK_EVENTS = Operation(
    "analytics.list_webhook_events",
    "GET",
    "/analytics/webhooks",
    query=lambda: models.analytics.WebhookEventListQuery,
    response="WebhookDeliveryPage",
    credentials=(Credential("events.payload", "event"),),
)
REPLAY_WEBHOOK_EVENTS = Operation(
    "analytics.replay_webhook_events",
    "POST",
    "/analytics/webhooks/replay",
    body=lambda: models.analytics.WebhookReplay,
    body_required=False,
    response="WebhookReplayStarted",
)
RETRIEVE_REPLAY = Operation(
    "analytics.retrieve_replay", "GET", "/analytics/webhooks/replay/{workflow_id}", response="WebhookReplayStatus"
)
RETRIEVE_PEER_STATS = Operation(
    "analytics.retrieve_peer_stats",
    "GET",
    "/analytics/peer-stats",
    query=lambda: models.analytics.PeerStatsQuery,
    query_required=True,
    response="PeerStats",
)


class Analytics(Resource):
    """Operations under /analytics."""

    def list_events(self, query: Query) -> Response:
        """List track, recording and client-error events.

        Args:
            query: an `EventListQuery`, or its members.

        https://www.100ms.live/docs/server-side/v2/api-reference/analytics/overview
        """
        return self._call(LIST_EVENTS, query=query)

    def iterate_events(
        self, query: Query = (), *, max_items: int | None = None, **filters: object
    ) -> Iterator[dict[str, Any]]:
        """Yield the events of all pages. Takes the parameters of `list_events`.

        Raises:
            HmsError: 100ms responded with an error status.
        """
        return self._iterate(self.list_events, query, filters, max_items=max_items, items="events", last="next")

    def list_webhook_events(self, query: Query = ()) -> Response:
        """List past webhook deliveries.

        Args:
            query: a `WebhookEventListQuery`, or its members.

        https://www.100ms.live/docs/server-side/v2/api-reference/analytics/list-webhook-events
        """
        return self._call(LIST_WEBHOOK_EVENTS, query=query)

    def iterate_webhook_events(
        self, query: Query = (), *, max_items: int | None = None, **filters: object
    ) -> Iterator[dict[str, Any]]:
        """Yield the deliveries of all pages. Takes the parameters of `list_webhook_events`.

        Set `end_time`: pages are numbered, so a delivery during the iteration would move others to the next page.

        Raises:
            HmsError: 100ms responded with an error status.
        """
        return islice(self._webhook_events([*to_query_pairs(query), *to_query_pairs(filters)]), max_items)

    def _webhook_events(self, query: list[tuple[str, str]]) -> Iterator[dict[str, Any]]:
        others = [pair for pair in query if pair[0] != "page"]
        while True:
            page = self.list_webhook_events(query).raise_for_status().json()
            events, pagination = page.get("events"), page.get("pagination") or {}
            yield from events or []
            if not events or not pagination.get("has_next"):
                return
            query = [*others, ("page", str(pagination["current_page"] + 1))]

    def replay_webhook_events(
        self, body: ObjectBody | None = None, query: Query = (), **members: "Unpack[WebhookReplayParams]"
    ) -> Response:
        """Deliver past webhooks again.

        Args:
            body: a `WebhookReplay`, or a mapping of its members.
            members: members of the body as keyword arguments, instead of `body`.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/analytics/replay-webhook-events
        """
        return self._call(REPLAY_WEBHOOK_EVENTS, query=query, body=body, members=members)

    def retrieve_replay(self, workflow_id: str, query: Query = ()) -> Response:
        """Fetch the status of a replay.

        Args:
            workflow_id: id that the response to the replay holds.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/analytics/replay-webhook-events
        """
        return self._call(RETRIEVE_REPLAY, workflow_id=workflow_id, query=query)

    def retrieve_peer_stats(self, query: Query) -> Response:
        """Fetch the connection quality of one peer as time series.

        Args:
            query: a `PeerStatsQuery`, or its members.

        https://www.100ms.live/docs/server-side/v2/api-reference/analytics/peer-quality-stats
        """
        return self._call(RETRIEVE_PEER_STATS, query=query)

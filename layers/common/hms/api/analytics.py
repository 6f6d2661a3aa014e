"""Analytics and webhook history: one method an operation of the REST API."""

from hms.api.section import Section
from hms.client import ObjectBody, Query, Reply


class Analytics(Section):
    """Operations under /analytics."""

    def list_events(self, query: Query = ()) -> Reply:
        """Query track, recording and client-error events.

        https://www.100ms.live/docs/server-side/v2/api-reference/analytics/overview
        """
        return self._call("GET", "analytics", "events", query=query)

    def list_webhook_events(self, query: Query = ()) -> Reply:
        """Browse the webhook delivery history.

        https://www.100ms.live/docs/server-side/v2/api-reference/analytics/list-webhook-events
        """
        return self._call("GET", "analytics", "webhooks", query=query)

    def replay_webhook_events(self, body: ObjectBody | None = None, query: Query = ()) -> Reply:
        """Queue a re-delivery of past webhooks.

        https://www.100ms.live/docs/server-side/v2/api-reference/analytics/replay-webhook-events
        """
        return self._call("POST", "analytics", "webhooks", "replay", query=query, body=body)

    def retrieve_replay(self, workflow_id: str, query: Query = ()) -> Reply:
        """Inspect a replay workflow.

        https://www.100ms.live/docs/server-side/v2/api-reference/analytics/replay-webhook-events
        """
        return self._call("GET", "analytics", "webhooks", "replay", workflow_id, query=query)

    def retrieve_peer_stats(self, query: Query = ()) -> Reply:
        """Read quality time series of one peer.

        https://www.100ms.live/docs/server-side/v2/api-reference/analytics/peer-quality-stats
        """
        return self._call("GET", "analytics", "peer-stats", query=query)

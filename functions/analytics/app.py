"""Analytics and webhook history."""

from hms.gateway import Gateway

gateway = Gateway("analytics")
analytics = gateway.client.analytics

gateway.get("/analytics", analytics.list_events)
gateway.get("/analytics/events", analytics.list_events)
gateway.get("/analytics/webhooks", analytics.list_webhook_events)
gateway.post("/analytics/webhooks/replay", analytics.replay_webhook_events)
gateway.get("/analytics/webhooks/replay/<workflow_id>", analytics.retrieve_replay)
gateway.get("/analytics/peer-stats", analytics.retrieve_peer_stats)

handler = gateway.resolve

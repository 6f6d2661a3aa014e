"""Analytics and webhook history."""

from hms.resources import analytics
from hms_service.http.router import Gateway

gateway = Gateway("analytics")

gateway.operation(analytics.LIST_EVENTS, "/analytics")
gateway.operation(analytics.LIST_WEBHOOK_EVENTS)
gateway.operation(analytics.REPLAY_WEBHOOK_EVENTS)
gateway.operation(analytics.RETRIEVE_REPLAY)
gateway.operation(analytics.RETRIEVE_PEER_STATS)

handler = gateway.resolve

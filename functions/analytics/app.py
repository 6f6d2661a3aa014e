"""Analytics and webhook history."""

from hms.resources import analytics
from hms_service.http.router import Router

router = Router("analytics")

router.add_operation(analytics.LIST_EVENTS, "/analytics")
router.add_operation(analytics.LIST_WEBHOOK_EVENTS)
router.add_operation(analytics.REPLAY_WEBHOOK_EVENTS, "/analytics/events/webhooks/replay")
router.add_operation(analytics.RETRIEVE_REPLAY)
router.add_operation(analytics.RETRIEVE_PEER_STATS)

handler = router.resolve

"""Live (HLS) streams."""

from hms.resources import live_streams
from hms_service.http.router import Router

router = Router("live_streams")

router.add_operation(live_streams.LIST)
router.add_operation(live_streams.RETRIEVE)
router.add_operation(live_streams.STOP)
router.add_operation(live_streams.SEND_TIMED_METADATA, "/live-streams/<stream_id>/metadata")
router.add_operation(live_streams.PAUSE_RECORDING)
router.add_operation(live_streams.RESUME_RECORDING)
router.add_operation(live_streams.START)
router.add_operation(live_streams.STOP_ROOM)

handler = router.resolve

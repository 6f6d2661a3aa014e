"""External (RTMP) streams."""

from hms.resources import external_streams
from hms_service.http.router import Router

router = Router("external_streams")

router.add_operation(external_streams.LIST)
router.add_operation(external_streams.RETRIEVE)
router.add_operation(external_streams.STOP)
router.add_operation(external_streams.START)
router.add_operation(external_streams.STOP_ROOM)

handler = router.resolve

"""Recordings."""

from hms.resources import recordings
from hms_service.http.router import Router

router = Router("recordings")

router.add_operation(recordings.LIST)
router.add_operation(recordings.RETRIEVE)
router.add_operation(recordings.RETRIEVE_CONFIG)
router.add_operation(recordings.STOP)
router.add_operation(recordings.START)
router.add_operation(recordings.STOP_ROOM)
router.add_operation(recordings.PAUSE)
router.add_operation(recordings.RESUME)

handler = router.resolve

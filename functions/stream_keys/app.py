"""Stream keys."""

from hms.resources import stream_keys
from hms_service.http.router import Router

router = Router("stream_keys")

router.add_operation(stream_keys.CREATE, "/stream-keys/<room_id>")
router.add_operation(stream_keys.RETRIEVE, "/stream-keys/<room_id>")
router.add_operation(stream_keys.DISABLE, "/stream-keys/<room_id>/disable")

handler = router.resolve

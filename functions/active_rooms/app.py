"""Active rooms."""

from hms.resources import active_rooms
from hms_service.http.router import Router

router = Router("active_rooms")

router.add_operation(active_rooms.RETRIEVE)
router.add_operation(active_rooms.LIST_PEERS)
router.add_operation(active_rooms.RETRIEVE_PEER)
router.add_operation(active_rooms.UPDATE_PEER)
router.add_operation(active_rooms.SEND_MESSAGE)
router.add_operation(active_rooms.REMOVE_PEERS)
router.add_operation(active_rooms.END)

handler = router.resolve

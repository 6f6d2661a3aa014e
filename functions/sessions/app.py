"""Sessions."""

from hms.resources import sessions
from hms_service.http.router import Router

router = Router("sessions")

router.add_operation(sessions.LIST)
router.add_operation(sessions.RETRIEVE)

handler = router.resolve

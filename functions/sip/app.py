"""SIP interconnect."""

from hms.resources import sip
from hms_service.http.router import Router

router = Router("sip")

router.add_operation(sip.CREATE_OUTBOUND_TRUNK)
router.add_operation(sip.UPDATE_OUTBOUND_TRUNK)
router.add_operation(sip.START_OUTBOUND_CALL)
router.add_operation(sip.SEND_DTMF, max_body_bytes=4096)

handler = router.resolve

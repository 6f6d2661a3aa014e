"""SIP interconnect."""

from hms.resources import sip
from hms_service.http.router import Gateway

gateway = Gateway("sip")

gateway.operation(sip.CREATE_OUTBOUND_TRUNK)
gateway.operation(sip.UPDATE_OUTBOUND_TRUNK)
gateway.operation(sip.START_OUTBOUND_CALL)
gateway.operation(sip.SEND_DTMF, max_body_bytes=4096)

handler = gateway.resolve

"""SIP interconnect."""

from hms.access import Access
from hms.gateway import Gateway

gateway = Gateway("sip")
sip = gateway.client.sip

gateway.post("/sip/outbound/trunks", sip.create_outbound_trunk)
gateway.post("/sip/outbound/trunks/<trunk_id>", sip.update_outbound_trunk)
gateway.post("/sip/outbound/call", sip.start_outbound_call)
gateway.post("/sip/dtmf", sip.send_dtmf, Access.APP, max_body_bytes=4096)

handler = gateway.resolve

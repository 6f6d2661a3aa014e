"""SIP interconnect: one method an operation of the REST API."""

from hms.api.section import Section
from hms.client import ObjectBody, Query, Reply


class Sip(Section):
    """Operations under /sip."""

    def create_outbound_trunk(self, body: ObjectBody, query: Query = ()) -> Reply:
        """Register a SIP provider trunk for outbound calls.

        https://www.100ms.live/docs/server-side/v2/how-to-guides/Session%20Initiation%20Protocol%20(SIP)/SIP-Outbound
        """
        return self._call("POST", "sip", "outbound", "trunks", query=query, body=body)

    def update_outbound_trunk(self, trunk_id: str, body: ObjectBody, query: Query = ()) -> Reply:
        """Change the credentials, address or number of a trunk.

        https://www.100ms.live/docs/server-side/v2/how-to-guides/Session%20Initiation%20Protocol%20(SIP)/SIP-Outbound
        """
        return self._call("POST", "sip", "outbound", "trunks", trunk_id, query=query, body=body)

    def start_outbound_call(self, body: ObjectBody, query: Query = ()) -> Reply:
        """Dial a SIP destination and bridge it into a room.

        https://www.100ms.live/docs/server-side/v2/how-to-guides/Session%20Initiation%20Protocol%20(SIP)/SIP-Outbound
        """
        return self._call("POST", "sip", "outbound", "call", query=query, body=body)

    def send_dtmf(self, body: ObjectBody, query: Query = (), *, token: str) -> Reply:
        """Play DTMF tones to every SIP participant of the caller's room.

        https://www.100ms.live/docs/server-side/v2/how-to-guides/Session%20Initiation%20Protocol%20(SIP)/SIP-Outbound
        """
        return self._call("POST", "sip", "dtmf", query=query, body=body, token=token)

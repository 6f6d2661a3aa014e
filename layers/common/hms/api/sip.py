"""SIP interconnect: one method an operation of the REST API."""

from hms.api.section import Section
from hms.client import ObjectBody, Query, Reply


class Sip(Section):
    """Operations under /sip."""

    def create_outbound_trunk(self, body: ObjectBody, query: Query = ()) -> Reply:
        """Register a SIP provider trunk for outbound calls.

        Args:
            body: a `SipTrunk`, or its members.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/how-to-guides/Session%20Initiation%20Protocol%20(SIP)/SIP-Outbound
        """
        return self._call("POST", "sip", "outbound", "trunks", query=query, body=body, body_model="SipTrunk")

    def update_outbound_trunk(self, trunk_id: str, body: ObjectBody, query: Query = ()) -> Reply:
        """Change the credentials, address or number of a trunk.

        Args:
            trunk_id: id of the trunk.
            body: a `SipTrunk`, or its members.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/how-to-guides/Session%20Initiation%20Protocol%20(SIP)/SIP-Outbound
        """
        return self._call("POST", "sip", "outbound", "trunks", trunk_id, query=query, body=body, body_model="SipTrunk")

    def start_outbound_call(self, body: ObjectBody, query: Query = ()) -> Reply:
        """Dial a SIP destination and bridge it into a room; the answer comes when the call is taken or declined.

        Args:
            body: a `SipCall`, or its members.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/how-to-guides/Session%20Initiation%20Protocol%20(SIP)/SIP-Outbound
        """
        return self._call("POST", "sip", "outbound", "call", query=query, body=body, body_model="SipCall")

    def send_dtmf(self, body: ObjectBody, query: Query = (), *, token: str) -> Reply:
        """Play DTMF tones to every SIP participant of the caller's room.

        Args:
            body: a `SipDtmf`, or its members.
            query: passed on.
            token: an app token for the room; 100ms takes no management token here.

        https://www.100ms.live/docs/server-side/v2/how-to-guides/Session%20Initiation%20Protocol%20(SIP)/SIP-Outbound
        """
        return self._call("POST", "sip", "dtmf", query=query, body=body, body_model="SipDtmf", token=token)

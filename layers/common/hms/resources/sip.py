"""SIP interconnect: one method per operation."""

from typing import TYPE_CHECKING, Unpack

from hms import models
from hms.operation import Operation
from hms.resources.resource import Resource
from hms.types import ObjectBody, Query, Response

if TYPE_CHECKING:
    from hms.params.sip import SipCallParams, SipDtmfParams, SipTrunkParams

CREATE_OUTBOUND_TRUNK = Operation(
    "sip.create_outbound_trunk", "POST", "/sip/outbound/trunks", body=lambda: models.sip.SipTrunk, response="SipId"
)
UPDATE_OUTBOUND_TRUNK = Operation(
    "sip.update_outbound_trunk",
    "POST",
    "/sip/outbound/trunks/{trunk_id}",
    body=lambda: models.sip.SipTrunk,
    response="SipId",
)
START_OUTBOUND_CALL = Operation(
    "sip.start_outbound_call", "POST", "/sip/outbound/call", body=lambda: models.sip.SipCall, response="SipId"
)
SEND_DTMF = Operation("sip.send_dtmf", "POST", "/sip/dtmf", body=lambda: models.sip.SipDtmf, auth="app")


class Sip(Resource):
    """Operations under /sip."""

    def create_outbound_trunk(
        self, body: ObjectBody | None = None, query: Query = (), **members: "Unpack[SipTrunkParams]"
    ) -> Response:
        """Create a trunk for outbound calls through a SIP provider.

        Args:
            body: a `SipTrunk`, or a mapping of its members.
            members: members of the body as keyword arguments, instead of `body`.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/how-to-guides/Session%20Initiation%20Protocol%20(SIP)/SIP-Outbound
        """
        return self._call(CREATE_OUTBOUND_TRUNK, query=query, body=body, members=members)

    def update_outbound_trunk(
        self, trunk_id: str, body: ObjectBody | None = None, query: Query = (), **members: "Unpack[SipTrunkParams]"
    ) -> Response:
        """Change the credentials, address or number of a trunk.

        Args:
            trunk_id: id of the trunk.
            body: a `SipTrunk`, or a mapping of its members.
            members: members of the body as keyword arguments, instead of `body`.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/how-to-guides/Session%20Initiation%20Protocol%20(SIP)/SIP-Outbound
        """
        return self._call(UPDATE_OUTBOUND_TRUNK, trunk_id=trunk_id, query=query, body=body, members=members)

    def start_outbound_call(
        self, body: ObjectBody | None = None, query: Query = (), **members: "Unpack[SipCallParams]"
    ) -> Response:
        """Call a SIP destination and connect it to a room.

        100ms responds when the call is accepted or declined.

        Args:
            body: a `SipCall`, or a mapping of its members.
            members: members of the body as keyword arguments, instead of `body`.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/how-to-guides/Session%20Initiation%20Protocol%20(SIP)/SIP-Outbound
        """
        return self._call(START_OUTBOUND_CALL, query=query, body=body, members=members)

    def send_dtmf(
        self, body: ObjectBody | None = None, query: Query = (), *, token: str, **members: "Unpack[SipDtmfParams]"
    ) -> Response:
        """Play DTMF tones to all SIP participants of the caller's room.

        Args:
            body: a `SipDtmf`, or a mapping of its members.
            members: members of the body as keyword arguments, instead of `body`.
            query: query parameters, sent unchanged.
            token: an app token for the room. 100ms does not accept a management token here.

        https://www.100ms.live/docs/server-side/v2/how-to-guides/Session%20Initiation%20Protocol%20(SIP)/SIP-Outbound
        """
        return self._call(SEND_DTMF, query=query, body=body, members=members, token=token)

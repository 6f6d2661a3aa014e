"""Keep the workspace's SIP trunks, start calls and send DTMF tones."""

import re
import secrets
from typing import Any

from simulator.contract import check_body, no_documented_text
from simulator.errors import BadRequest, NotFound, RequestTimeout, invalid_body
from simulator.room_codes.state import RoomCodes
from simulator.rooms.state import Rooms
from simulator.sessions.state import Sessions
from simulator.store import Store

Json = dict[str, Any]

_MANDATORY = ("to", "room_code", "trunk_id")
_HEADER_NAME = re.compile(r"[a-zA-Z0-9.!%*_+`'~-]+")


class Sip:
    """All trunks. Each call is answered at once, and its participant joins the room as a peer."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._trunks: dict[str, Json] = {}

    def create_trunk(self, body: Json) -> str:
        """Create a trunk and return its ID. Raises BadRequest."""
        check_body("createSipOutboundTrunk", body, no_documented_text)
        trunk_id = _new_id(10)
        self._trunks[trunk_id] = body
        return trunk_id

    def update_trunk(self, trunk_id: str, body: Json) -> None:
        """Change the members in the body. Raises NotFound, BadRequest."""
        trunk = self._trunk(trunk_id)
        check_body("updateSipOutboundTrunk", body, no_documented_text)
        trunk |= body  # assumed: an update keeps omitted members

    def start_call(self, body: Json) -> str:
        """Add the called participant to the room and role of a code. Returns the ID of the call.

        Raises BadRequest, Forbidden for a disabled code or room, RequestTimeout if the trunk has no address.
        """
        for name in _MANDATORY:
            if not body.get(name):  # assumed: an empty argument counts as missing
                raise BadRequest(f"{name} is mandatory")
        check_body("startSipOutboundCall", body, no_documented_text)
        _check_headers(body.get("headers", {}))
        try:
            self._connect(body)
        except NotFound as error:
            # assumed: 400 for an unknown trunk or code, because the call has no documented 404.
            raise BadRequest(error.message) from error
        return _new_id(13)

    def send_dtmf(self, room_id: str, body: Json) -> None:
        """Validate DTMF tones for a room's SIP participants. Raises NotFound for an unknown room, BadRequest."""
        if body.get("digits", []) == []:  # assumed: an empty list of digits counts as missing
            raise BadRequest("digits are mandatory")
        try:
            check_body("sendSipDtmf", body, no_documented_text)
        except BadRequest as error:
            raise BadRequest("invalid digit") from error
        self._store[Rooms].get(room_id)  # assumed: accepted without a SIP participant to hear them

    def _connect(self, call: Json) -> None:
        trunk = self._trunk(call["trunk_id"])
        code = self._store[RoomCodes].get_usable(call["room_code"])
        if not trunk.get("address"):  # assumed: a call through a trunk without an address times out
            raise RequestTimeout("timed out")
        self._store[Sessions].join(
            code.room_id,
            name=call.get("name") or call["to"],  # assumed: the phone number is the default name
            role=code.role,
            user_id=call.get("user_id", ""),
            type="sip",
            has_camera=call.get("video", False),  # assumed: no video unless the request says so
        )

    def _trunk(self, trunk_id: str) -> Json:
        if trunk_id not in self._trunks:
            raise NotFound("Trunk not found")
        return self._trunks[trunk_id]


def _check_headers(headers: Json) -> None:
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name) or "\r" in value or "\n" in value:
            raise invalid_body("Invalid body param: headers")  # assumed: 400 for headers that SIP forbids


def _new_id(digits: int) -> str:
    # assumed: IDs are as short as in the payloads. One sample of a call has a trunk ID of 24 digits.
    return secrets.token_hex(digits)[:digits]

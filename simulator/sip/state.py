"""The workspace's SIP trunks, and what is done with them: calls and tones."""

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
    """All trunks; a call is answered at once, and who was called stays in the room as a peer."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._trunks: dict[str, Json] = {}

    def create_trunk(self, body: Json) -> str:
        """Register a trunk; returns its id. Raises BadRequest."""
        check_body("createSipOutboundTrunk", body, no_documented_text)
        trunk_id = _new_id(10)
        self._trunks[trunk_id] = body
        return trunk_id

    def update_trunk(self, trunk_id: str, body: Json) -> None:
        """Change what the body names. Raises NotFound, BadRequest."""
        trunk = self._trunk(trunk_id)
        check_body("updateSipOutboundTrunk", body, no_documented_text)
        trunk |= body  # assumed: an update keeps what it does not name

    def start_call(self, body: Json) -> str:
        """Bring who is called into the room and role of a code; returns the id of the call.

        Raises BadRequest, Forbidden for a disabled code or room, RequestTimeout where nobody is reached.
        """
        for name in _MANDATORY:
            if not body.get(name):  # assumed: an empty argument is a missing one
                raise BadRequest(f"{name} is mandatory")
        check_body("startSipOutboundCall", body, no_documented_text)
        _check_headers(body.get("headers", {}))
        try:
            self._connect(body)
        except NotFound as error:
            # assumed: an unknown trunk or code makes the call a wrong one, for it has no documented 404.
            raise BadRequest(error.message) from error
        return _new_id(13)

    def send_dtmf(self, room_id: str, body: Json) -> None:
        """Let the SIP participants of a room hear tones. Raises NotFound for an unknown room, BadRequest."""
        if body.get("digits", []) == []:  # assumed: an empty list of digits is a missing one
            raise BadRequest("digits are mandatory")
        try:
            check_body("sendSipDtmf", body, no_documented_text)
        except BadRequest as error:
            raise BadRequest("invalid digit") from error
        self._store[Rooms].get(room_id)  # assumed: tones that no participant is there to hear are taken all the same

    def _connect(self, call: Json) -> None:
        trunk = self._trunk(call["trunk_id"])
        code = self._store[RoomCodes].get_usable(call["room_code"])
        if not trunk.get("address"):  # assumed: a trunk without an address reaches nobody
            raise RequestTimeout("timed out")
        self._store[Sessions].join(
            code.room_id,
            name=call.get("name") or call["to"],  # assumed: a peer without a name has its number for one
            role=code.role,
            user_id=call.get("user_id", ""),
            type="sip",
            has_camera=call.get("video", False),  # assumed: a call has no picture unless it says so
        )

    def _trunk(self, trunk_id: str) -> Json:
        if trunk_id not in self._trunks:
            raise NotFound("Trunk not found")
        return self._trunks[trunk_id]


def _check_headers(headers: Json) -> None:
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name) or "\r" in value or "\n" in value:
            raise invalid_body("Invalid body param: headers")  # assumed: headers that SIP does not allow are a 400


def _new_id(digits: int) -> str:
    # assumed: ids are as short as in the payloads; one sample of a call has a trunk with 24 digits.
    return secrets.token_hex(digits)[:digits]

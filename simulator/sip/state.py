"""Keep the workspace's SIP trunks, start calls and send DTMF tones."""

import re
import secrets
from dataclasses import dataclass
from typing import Any, Literal, get_args

from simulator.contract import check_body, no_documented_text
from simulator.errors import BadRequest, NotFound, RequestTimeout, invalid_body
from simulator.room_codes.state import RoomCode, RoomCodes
from simulator.rooms.state import Rooms
from simulator.sessions.state import Peer, Sessions
from simulator.sip.tones import Tones
from simulator.store import Store

Json = dict[str, Any]

CallResult = Literal["accepted", "declined", "unanswered"]
CALL_RESULTS: tuple[CallResult, ...] = get_args(CallResult)

_MANDATORY = ("to", "room_code", "trunk_id")
_HEADER_NAME = re.compile(r"[a-zA-Z0-9.!%*_+`'~-]+")


@dataclass(frozen=True)
class CallAnswer:
    """How a call ends after it has rung; `number` is the called number, or "" for any."""

    result: CallResult
    ring_seconds: float = 0
    number: str = ""


class Sip:
    """All trunks, and the planned answers to calls. The participant of an answered call joins the room as a peer."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._trunks: dict[str, Json] = {}
        self._answers: list[CallAnswer] = []

    def plan_answer(self, answer: CallAnswer) -> None:
        """Plan the answer to the next call. Without a plan, a call is accepted at once."""
        self._answers.append(answer)

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
        trunk |= body  # [sip.update-of-a-trunk] an update keeps omitted members

    def start_call(self, body: Json) -> str:
        """Call a participant, who joins the room and role of a code. Returns the ID of the call.

        It returns only after the call has been accepted or declined. Raises BadRequest, Forbidden for a disabled code
        or room, and RequestTimeout if the trunk has no address or the call is not answered.
        """
        for name in _MANDATORY:
            if not body.get(name):  # [sip.empty-argument] an empty argument counts as missing
                raise BadRequest(f"{name} is mandatory")
        check_body("startSipOutboundCall", body, no_documented_text)
        _check_headers(body.get("headers", {}))
        try:
            self._connect(body, self._take_answer(body["to"]))
        except NotFound as error:
            # [sip.unknown-trunk-or-code] 400 for an unknown trunk or code, because the call has no documented 404.
            raise BadRequest(error.message) from error
        return _new_id(13)

    def dial_in(self, code: str, number: str, name: str, user_id: str) -> Peer:
        """Add a caller to the room and role of a code. Raises NotFound, and Forbidden for a disabled code or room."""
        return self._join(self._store[RoomCodes].get_usable(code), number, name, user_id, video=False)

    def send_dtmf(self, room_id: str, body: Json) -> None:
        """Play tones to a room's SIP participants. Raises NotFound for an unknown room, BadRequest."""
        if body.get("digits", []) == []:  # [sip.empty-list-of-digits] an empty list of digits counts as missing
            raise BadRequest("digits are mandatory")
        try:
            check_body("sendSipDtmf", body, no_documented_text)
        except BadRequest as error:
            raise BadRequest("invalid digit") from error
        session = self._store[Sessions].active(self._store[Rooms].get(room_id).id)
        peers = [peer.id for peer in session.connected() if peer.type == "sip"] if session else []
        # [sip.unheard-tones] accepted without a SIP participant to hear them. An earlier
        # page had an error for it.
        self._store[Tones].play(room_id, body["digits"], peers)

    def _connect(self, call: Json, answer: CallAnswer) -> None:
        trunk = self._trunk(call["trunk_id"])
        code = self._store[RoomCodes].get_usable(call["room_code"])
        self._store.clock.wait(answer.ring_seconds)
        # [sip.trunk-without-an-address] a call through a trunk without an address times out
        if not trunk.get("address") or answer.result == "unanswered":
            raise RequestTimeout("timed out")
        if answer.result == "declined":
            # [sip.declined-call] a declined call gets the response of an accepted one, because no page shows another
            return
        video = call.get("video", False)  # [sip.calls] no video unless the request says so
        self._join(code, call["to"], call.get("name", ""), call.get("user_id", ""), video)

    def _join(self, code: RoomCode, number: str, name: str, user_id: str, video: bool) -> Peer:
        return self._store[Sessions].join(
            code.room_id,
            name=name or _mask(number),
            role=code.role,
            user_id=user_id,
            type="sip",
            has_camera=video,
        )

    def _take_answer(self, number: str) -> CallAnswer:
        for answer in self._answers:
            if answer.number in ("", number):
                self._answers.remove(answer)
                return answer
        return CallAnswer("accepted")

    def _trunk(self, trunk_id: str) -> Json:
        if trunk_id not in self._trunks:
            raise NotFound("Trunk not found")
        return self._trunks[trunk_id]


def _mask(number: str) -> str:
    # The dial-in page says that the number is masked. [sip.peers-without-a-name] all but its last four characters,
    # and for calls too.
    return "*" * max(len(number) - 4, 0) + number[-4:]


def _check_headers(headers: Json) -> None:
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name) or "\r" in value or "\n" in value:
            # [sip.headers-that-sip-forbids] 400 for headers that SIP forbids
            raise invalid_body("Invalid body param: headers")


def _new_id(digits: int) -> str:
    # [sip.ids-of-trunks-and-calls] IDs are as short as in the payloads. One sample of a call has a trunk ID of 24
    # digits.
    return secrets.token_hex(digits)[:digits]

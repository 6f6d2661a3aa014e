"""Let somebody into a room with an app token, as 100ms does when a client SDK joins.

The statuses and texts are those of the error page of the iOS SDK, which calls them token and signalling errors.
"""

from dataclasses import dataclass
from typing import Any

from simulator.domain_events import DomainEvents
from simulator.errors import BadRequest, Gone, NotFound, Unauthorized
from simulator.rooms.state import Room, Rooms
from simulator.sessions.connections import Connections
from simulator.sessions.events import SessionEvents
from simulator.sessions.state import Peer, Sessions
from simulator.store import Store

Json = dict[str, Any]


@dataclass(frozen=True)
class Admission:
    """What a token allows: to join a room in a role, as a user."""

    room: Room
    role: str
    user_id: str


class Doorkeeper:
    """Checks app tokens, and joins peers with them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._events = SessionEvents(store[DomainEvents])

    def check(self, token: str, room_id: str | None) -> Admission:
        """Return what a token allows. `room_id` is the room that the client asks for, if any.

        Raises Unauthorized for a wrong token, BadRequest for a wrong room, and Forbidden for a disabled room.
        """
        claims = self._claims(token)
        for name, text in (("room_id", "Room Id"), ("role", "Role"), ("user_id", "User Id")):
            # [joining.token-without-user-id] user_id can be absent, because one page says that it "can be passed".
            if not isinstance(claims.get(name, "" if name == "user_id" else None), str):
                raise _token_error(text)
        if room_id not in (None, claims["room_id"]):
            raise BadRequest("Room Mismatched with Token")
        rooms = self._store[Rooms]
        try:
            room = rooms.get(claims["room_id"])
        except NotFound as error:
            raise BadRequest("Invalid Room") from error
        if claims["role"] not in rooms.template(room).roles:
            raise _token_error("Role")
        room.check_enabled()  # [joining.disabled-room] 403 for a disabled room, as for its codes
        return Admission(room, claims["role"], claims.get("user_id", ""))

    def join(self, admission: Admission, name: str, metadata: str, peer_id: str | None) -> Peer:
        """Join as a new peer, or reconnect as `peer_id`.

        Raises Forbidden if the role is full, BadRequest if the peer is connected, Gone if it has left.
        """
        room_id = admission.room.id
        if peer_id is None:
            return self._store[Sessions].join(
                room_id, name=name, role=admission.role, user_id=admission.user_id, metadata=metadata
            )
        try:
            reconnected = self._store[Connections].reconnect(room_id, peer_id)
        except NotFound as error:
            raise Gone("Peer is gone") from error
        if reconnected is None:
            self._events.peer_join_failed(
                room_id, self._store[Sessions].connected(room_id, peer_id), "duplicate peer id"
            )
            raise BadRequest("Peer already joined")
        return reconnected

    def _claims(self, token: str) -> Json:
        try:
            return self._store.tokens.check(f"Bearer {token}", "app")
        except Unauthorized as error:
            if "access key not found" in error.details:
                raise _token_error("Access Key") from error
            raise Unauthorized("Token Error: Bad JWT Token", error.details) from error


def _token_error(member: str) -> Unauthorized:
    return Unauthorized(f"Token Error: Invalid {member}")

"""What can be seen and done in a room while a session runs in it."""

from typing import Any

from jsonschema import ValidationError

from simulator.contract import check_body, no_documented_text
from simulator.errors import invalid_body
from simulator.rooms.state import Rooms
from simulator.sessions.state import REASON_KICKED, Peer, Sessions
from simulator.store import Store

Json = dict[str, Any]

# assumed: the words for a removal that names nobody.
_NO_TARGET = "Invalid body param: peer_id or role must be specified"


class ActiveRooms:
    """The rooms with a running session; every call raises NotFound for an unknown room and where none runs."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._sessions = store[Sessions]

    def peers(self, room_id: str, user_id: str | None, role: str | None) -> list[Peer]:
        """The connected peers, or those that have this user id and this role."""
        # assumed: a listed peer has to pass both filters; one that nobody passes, even an unknown role, lists none.
        return [
            peer
            for peer in self._sessions.require_active(room_id).connected()
            if user_id in (None, peer.user_id) and role in (None, peer.role)
        ]

    def update(self, room_id: str, peer_id: str, body: Json) -> Peer:
        """Change a peer's name, role or metadata; an empty role is none.

        Raises NotFound for an unknown peer or role, Forbidden for a full role, BadRequest.
        """
        peer = self._sessions.connected(room_id, peer_id)
        # assumed: an update that names nothing is taken, and changes nothing.
        check_body("updateActivePeer", body, no_documented_text)
        if body.get("role"):
            self._sessions.change_role(room_id, peer_id, body["role"])
        peer.name = body.get("name", peer.name)
        peer.metadata = body.get("metadata", peer.metadata)
        return peer

    def check_message(self, room_id: str, body: Json) -> None:
        """See that a message has somebody to go to: a peer, else a role, else all.

        Raises NotFound for an unknown peer or role, BadRequest.
        """
        self._sessions.require_active(room_id)
        check_body("sendActiveRoomMessage", body, no_documented_text)
        self._target(room_id, body)

    def remove(self, room_id: str, body: Json) -> None:
        """Put out one peer, else all of a role. Raises NotFound for an unknown peer or role, BadRequest."""
        self._sessions.require_active(room_id)
        check_body("removeActivePeers", body, _documented_text)
        if not body.get("peer_id") and not body.get("role"):
            raise invalid_body(_NO_TARGET)
        for peer in self._target(room_id, body):
            # assumed: removed peers are gone at once, though the answer says only that the request was submitted.
            self._sessions.leave(room_id, peer.id, REASON_KICKED, body.get("reason", ""))

    def end(self, room_id: str, body: Json) -> None:
        """End the session, and lock the room if asked to; raises BadRequest as well."""
        check_body("endActiveRoom", body, no_documented_text)
        # assumed: an ended session is over at once, though the answer says only that it is ending.
        self._sessions.end(room_id, body.get("reason", ""), body.get("lock", False))

    def _target(self, room_id: str, body: Json) -> list[Peer]:
        if body.get("peer_id"):
            return [self._sessions.connected(room_id, body["peer_id"])]
        if body.get("role"):
            rooms = self._store[Rooms]
            # assumed: a role that the template does not have is not found, one that nobody is in is no error.
            rooms.template(rooms.get(room_id)).role(body["role"])
        return self.peers(room_id, None, body.get("role") or None)


def _documented_text(error: ValidationError) -> str | None:
    """The text for a removal that names nobody."""
    return _NO_TARGET if error.validator == "anyOf" else None

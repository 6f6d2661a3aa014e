"""Read and change the peers of a room while its session runs."""

from typing import Any

from jsonschema import ValidationError

from simulator.chat.log import CHAT, ChatLog
from simulator.contract import check_body, no_documented_text
from simulator.errors import invalid_body
from simulator.rooms.state import Rooms
from simulator.sessions.state import REASON_KICKED, Peer, Sessions
from simulator.store import Store

Json = dict[str, Any]

# [active-rooms.remove-peers-target] the text of the error for a removal without a peer or role.
_NO_TARGET = "Invalid body param: peer_id or role must be specified"


class ActiveRooms:
    """The rooms with a running session. Every method raises NotFound for a room that is unknown or has no session."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._sessions = store[Sessions]

    def peers(self, room_id: str, user_id: str | None, role: str | None) -> list[Peer]:
        """Return the connected peers, filtered by user ID and role."""
        # [active-rooms.list-of-peers] a peer must pass both filters. A filter that matches no peer, even an unknown
        # role, is no error.
        return [
            peer
            for peer in self._sessions.require_active(room_id).connected()
            if user_id in (None, peer.user_id) and role in (None, peer.role)
        ]

    def update(self, room_id: str, peer_id: str, body: Json) -> Peer:
        """Change a peer's name, role or metadata. An empty role counts as omitted.

        Raises NotFound for an unknown peer or role, Forbidden if the role is full, BadRequest for an invalid body.
        """
        peer = self._sessions.connected(room_id, peer_id)
        # [active-rooms.empty-update] an update without members is accepted, and has no effect.
        check_body("updateActivePeer", body, no_documented_text)
        if body.get("role"):
            self._sessions.change_role(room_id, peer_id, body["role"])
        if "metadata" in body:
            self._sessions.change_metadata(room_id, peer_id, body["metadata"])
        peer.name = body.get("name", peer.name)
        return peer

    def send_message(self, room_id: str, body: Json) -> None:
        """Send a message to one peer, the peers of a role, or all peers. Recordings contain no direct messages.

        Raises NotFound for an unknown peer or role, BadRequest for an invalid body.
        """
        session = self._sessions.require_active(room_id)
        check_body("sendActiveRoomMessage", body, no_documented_text)
        self._target(room_id, body)
        if not body.get("peer_id"):
            roles = (body["role"],) if body.get("role") else ()
            self._store[ChatLog].add(session.id, None, roles, body.get("type") or CHAT, body["message"])

    def remove(self, room_id: str, body: Json) -> None:
        """Remove one peer, or all peers of a role.

        Raises NotFound for an unknown peer or role, BadRequest for an invalid body.
        """
        self._sessions.require_active(room_id)
        check_body("removeActivePeers", body, _documented_text)
        if not body.get("peer_id") and not body.get("role"):
            raise invalid_body(_NO_TARGET)
        for peer in self._target(room_id, body):
            # [active-rooms.remove-peers] peers leave at once, although the response says that the request was
            # submitted.
            self._sessions.leave(room_id, peer.id, REASON_KICKED, body.get("reason", ""))

    def end(self, room_id: str, body: Json) -> None:
        """End the session. Disables the room if `lock` is true. Raises BadRequest for an invalid body."""
        check_body("endActiveRoom", body, no_documented_text)
        # [active-rooms.end-room] the session ends at once, although the response says that it is ending.
        self._sessions.end(room_id, body.get("reason", ""), body.get("lock", False))

    def _target(self, room_id: str, body: Json) -> list[Peer]:
        if body.get("peer_id"):
            return [self._sessions.connected(room_id, body["peer_id"])]
        if body.get("role"):
            rooms = self._store[Rooms]
            # [active-rooms.roles] a role that the template lacks is not found; a role without peers is no error.
            rooms.template(rooms.get(room_id)).role(body["role"])
        return self.peers(room_id, None, body.get("role") or None)


def _documented_text(error: ValidationError) -> str | None:
    return _NO_TARGET if error.validator == "anyOf" else None

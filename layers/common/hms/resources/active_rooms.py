"""Active rooms: one method per operation."""

from typing import TYPE_CHECKING, Unpack

from hms import models
from hms.errors import BadRequestError
from hms.operation import Operation
from hms.resources.resource import Resource
from hms.strict_json import encode
from hms.types import Body, ObjectBody, Query, RawJson, Response, dump

if TYPE_CHECKING:
    from hms.params.active_rooms import (
        ActivePeerUpdateParams,
        ActiveRoomMessageParams,
        EndRoomParams,
        RemovePeersParams,
    )


def _with_peer_id(body: Body) -> Body:
    """Return the message with `peer_id` set to `peerId`, the spelling of the official SDK.

    100ms ignores `peerId` and would send the private message to everyone in the room.

    Raises:
        BadRequestError: `peerId` and `peer_id` are both given and differ.
    """
    value = body.value if isinstance(body, RawJson) else dump(body)
    if not isinstance(value, dict) or not isinstance(peer_id := value.get("peerId"), str) or not peer_id:
        return body
    if "peer_id" in value:
        if value["peer_id"] != peer_id:
            raise BadRequestError("Invalid body", details=["peerId: must equal peer_id if both are given"])
        return body
    value = {**value, "peer_id": peer_id}
    if not isinstance(body, RawJson):
        return value
    head, brace, rest = body.text.partition(b"{")
    return RawJson(b"".join([head, brace, b'"peer_id":', encode(peer_id), b",", rest]), value)


RETRIEVE = Operation("active_rooms.retrieve", "GET", "/active-rooms/{room_id}", response="ActiveRoom")
LIST_PEERS = Operation(
    "active_rooms.list_peers",
    "GET",
    "/active-rooms/{room_id}/peers",
    query=lambda: models.active_rooms.ActivePeerListQuery,
    response="ActivePeerPage",
)
RETRIEVE_PEER = Operation(
    "active_rooms.retrieve_peer", "GET", "/active-rooms/{room_id}/peers/{peer_id}", response="ActivePeer"
)
UPDATE_PEER = Operation(
    "active_rooms.update_peer",
    "POST",
    "/active-rooms/{room_id}/peers/{peer_id}",
    body=lambda: models.active_rooms.ActivePeerUpdate,
    response="ActivePeer",
)
SEND_MESSAGE = Operation(
    "active_rooms.send_message",
    "POST",
    "/active-rooms/{room_id}/send-message",
    body=lambda: models.active_rooms.ActiveRoomMessage,
    rewrite=_with_peer_id,
    response="MessageOnly",
)
REMOVE_PEERS = Operation(
    "active_rooms.remove_peers",
    "POST",
    "/active-rooms/{room_id}/remove-peers",
    body=lambda: models.active_rooms.RemovePeers,
    response="MessageOnly",
)
END = Operation(
    "active_rooms.end",
    "POST",
    "/active-rooms/{room_id}/end-room",
    body=lambda: models.active_rooms.EndRoom,
    body_required=False,
    response="MessageOnly",
)


class ActiveRooms(Resource):
    """Operations under /active-rooms."""

    def retrieve(self, room_id: str, query: Query = ()) -> Response:
        """Fetch the active session of a room and the ids of its connected peers.

        Args:
            room_id: id of the room.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/active-rooms/retrieve-active-room
        """
        return self._call(RETRIEVE, room_id=room_id, query=query)

    def list_peers(self, room_id: str, query: Query = ()) -> Response:
        """List all connected peers in one response, optionally by user id or role.

        Args:
            room_id: id of the room.
            query: an `ActivePeerListQuery`, or its members.

        https://www.100ms.live/docs/server-side/v2/api-reference/active-rooms/list-peers
        """
        return self._call(LIST_PEERS, room_id=room_id, query=query)

    def retrieve_peer(self, room_id: str, peer_id: str, query: Query = ()) -> Response:
        """Fetch one connected peer with its tracks.

        Args:
            room_id: id of the room.
            peer_id: id of the peer.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/active-rooms/retrieve-peer
        """
        return self._call(RETRIEVE_PEER, room_id=room_id, peer_id=peer_id, query=query)

    def update_peer(
        self,
        room_id: str,
        peer_id: str,
        body: ObjectBody | None = None,
        query: Query = (),
        **members: "Unpack[ActivePeerUpdateParams]",
    ) -> Response:
        """Update the name, role or metadata of a connected peer.

        Args:
            room_id: id of the room.
            peer_id: id of the peer.
            body: an `ActivePeerUpdate`, or a mapping of its members.
            members: members of the body as keyword arguments, instead of `body`.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/active-rooms/update-a-peer
        """
        return self._call(UPDATE_PEER, room_id=room_id, peer_id=peer_id, query=query, body=body, members=members)

    def send_message(
        self,
        room_id: str,
        body: ObjectBody | None = None,
        query: Query = (),
        **members: "Unpack[ActiveRoomMessageParams]",
    ) -> Response:
        """Send a message to one peer, to one role, or to all connected peers.

        Args:
            room_id: id of the room.
            body: an `ActiveRoomMessage`, or a mapping of its members.
            members: members of the body as keyword arguments, instead of `body`.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/active-rooms/send-message
        """
        return self._call(SEND_MESSAGE, room_id=room_id, query=query, body=body, members=members)

    def remove_peers(
        self, room_id: str, body: ObjectBody | None = None, query: Query = (), **members: "Unpack[RemovePeersParams]"
    ) -> Response:
        """Disconnect one peer, or all peers of a role.

        Args:
            room_id: id of the room.
            body: a `RemovePeers`, or a mapping of its members.
            members: members of the body as keyword arguments, instead of `body`.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/active-rooms/remove-peers
        """
        return self._call(REMOVE_PEERS, room_id=room_id, query=query, body=body, members=members)

    def end(
        self, room_id: str, body: ObjectBody | None = None, query: Query = (), **members: "Unpack[EndRoomParams]"
    ) -> Response:
        """End the active session, and optionally disable the room.

        Args:
            room_id: id of the room.
            body: an `EndRoom`, or a mapping of its members.
            members: members of the body as keyword arguments, instead of `body`.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/active-rooms/end-active-room
        """
        return self._call(END, room_id=room_id, query=query, body=body, members=members)

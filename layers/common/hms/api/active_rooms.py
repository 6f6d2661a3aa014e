"""Active rooms: one method an operation of the REST API."""

from hms.api.section import Section
from hms.client import ObjectBody, Query, Reply


class ActiveRooms(Section):
    """Operations under /active-rooms."""

    def retrieve(self, room_id: str, query: Query = ()) -> Reply:
        """Fetch the running session of a room and the ids of its connected peers.

        Args:
            room_id: id of the room.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/active-rooms/retrieve-active-room
        """
        return self._call("GET", "active-rooms", room_id, query=query)

    def list_peers(self, room_id: str, query: Query = ()) -> Reply:
        """List connected peers, optionally by user id or role, all in one answer.

        Args:
            room_id: id of the room.
            query: an `ActivePeerListQuery`, or its members.

        https://www.100ms.live/docs/server-side/v2/api-reference/active-rooms/list-peers
        """
        return self._call("GET", "active-rooms", room_id, "peers", query=query, query_model="ActivePeerListQuery")

    def retrieve_peer(self, room_id: str, peer_id: str, query: Query = ()) -> Reply:
        """Fetch one connected peer with its tracks.

        Args:
            room_id: id of the room.
            peer_id: id of the peer.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/active-rooms/retrieve-peer
        """
        return self._call("GET", "active-rooms", room_id, "peers", peer_id, query=query)

    def update_peer(self, room_id: str, peer_id: str, body: ObjectBody, query: Query = ()) -> Reply:
        """Change a connected peer's name, role or metadata.

        Args:
            room_id: id of the room.
            peer_id: id of the peer.
            body: an `ActivePeerUpdate`, or its members.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/active-rooms/update-a-peer
        """
        return self._call(
            "POST", "active-rooms", room_id, "peers", peer_id, query=query, body=body, body_model="ActivePeerUpdate"
        )

    def send_message(self, room_id: str, body: ObjectBody, query: Query = ()) -> Reply:
        """Send a message to one peer, one role or everyone connected.

        Args:
            room_id: id of the room.
            body: an `ActiveRoomMessage`, or its members.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/active-rooms/send-message
        """
        return self._call(
            "POST", "active-rooms", room_id, "send-message", query=query, body=body, body_model="ActiveRoomMessage"
        )

    def remove_peers(self, room_id: str, body: ObjectBody, query: Query = ()) -> Reply:
        """Disconnect one peer, or all peers of a role.

        Args:
            room_id: id of the room.
            body: a `RemovePeers`, or its members.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/active-rooms/remove-peers
        """
        return self._call(
            "POST", "active-rooms", room_id, "remove-peers", query=query, body=body, body_model="RemovePeers"
        )

    def end(self, room_id: str, body: ObjectBody | None = None, query: Query = ()) -> Reply:
        """End the running session, optionally locking the room afterwards.

        Args:
            room_id: id of the room.
            body: an `EndRoom`, or its members.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/active-rooms/end-active-room
        """
        return self._call("POST", "active-rooms", room_id, "end-room", query=query, body=body, body_model="EndRoom")

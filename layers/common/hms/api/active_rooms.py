"""Active rooms: one method an operation of the REST API."""

from hms.api.section import Section
from hms.client import ObjectBody, Query, Reply


class ActiveRooms(Section):
    """Operations under /active-rooms."""

    def retrieve(self, room_id: str, query: Query = ()) -> Reply:
        """Fetch the running session of a room and the ids of its connected peers.

        https://www.100ms.live/docs/server-side/v2/api-reference/active-rooms/retrieve-active-room
        """
        return self._call("GET", "active-rooms", room_id, query=query)

    def list_peers(self, room_id: str, query: Query = ()) -> Reply:
        """List connected peers, optionally by user id or role.

        https://www.100ms.live/docs/server-side/v2/api-reference/active-rooms/list-peers
        """
        return self._call("GET", "active-rooms", room_id, "peers", query=query)

    def retrieve_peer(self, room_id: str, peer_id: str, query: Query = ()) -> Reply:
        """Fetch one connected peer with its tracks.

        https://www.100ms.live/docs/server-side/v2/api-reference/active-rooms/retrieve-peer
        """
        return self._call("GET", "active-rooms", room_id, "peers", peer_id, query=query)

    def update_peer(self, room_id: str, peer_id: str, body: ObjectBody, query: Query = ()) -> Reply:
        """Change a connected peer's name, role or metadata.

        https://www.100ms.live/docs/server-side/v2/api-reference/active-rooms/update-a-peer
        """
        return self._call("POST", "active-rooms", room_id, "peers", peer_id, query=query, body=body)

    def send_message(self, room_id: str, body: ObjectBody, query: Query = ()) -> Reply:
        """Send a message to one peer, one role or everyone connected.

        https://www.100ms.live/docs/server-side/v2/api-reference/active-rooms/send-message
        """
        return self._call("POST", "active-rooms", room_id, "send-message", query=query, body=body)

    def remove_peers(self, room_id: str, body: ObjectBody, query: Query = ()) -> Reply:
        """Disconnect one peer, or all peers of a role.

        https://www.100ms.live/docs/server-side/v2/api-reference/active-rooms/remove-peers
        """
        return self._call("POST", "active-rooms", room_id, "remove-peers", query=query, body=body)

    def end(self, room_id: str, body: ObjectBody | None = None, query: Query = ()) -> Reply:
        """End the running session, optionally locking the room afterwards.

        https://www.100ms.live/docs/server-side/v2/api-reference/active-rooms/end-active-room
        """
        return self._call("POST", "active-rooms", room_id, "end-room", query=query, body=body)

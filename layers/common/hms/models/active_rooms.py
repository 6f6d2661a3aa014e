"""Active rooms: https://www.100ms.live/docs/server-side/v2/api-reference/active-rooms/overview"""

from typing import Self

from pydantic import model_validator

from hms.models.base import Model, rule_error


class ActivePeerListQuery(Model):
    """Filters for connected peers.

    https://www.100ms.live/docs/server-side/v2/api-reference/active-rooms/list-peers

    Attributes:
        user_id: user id of the peers.
        role: role of the peers.
    """

    user_id: str | None = None
    role: str | None = None


class ActivePeerUpdate(Model):
    """Changes to a connected peer.

    https://www.100ms.live/docs/server-side/v2/api-reference/active-rooms/update-a-peer

    Attributes:
        name: display name.
        role: name of a role in the room's template.
        metadata: free text, JSON by convention.
    """

    response_fields = frozenset({"id", "user_id", "joined_at", "tracks"})

    name: str | None = None
    role: str | None = None
    metadata: str | None = None


class ActiveRoomMessage(Model):
    """A message to one peer, to the peers of a role, or to all peers if neither is given.

    https://www.100ms.live/docs/server-side/v2/api-reference/active-rooms/send-message

    Attributes:
        message: text of the message.
        peer_id: id of the receiving peer. Takes precedence over `role`.
        peerId: spelling of `peer_id` in the official SDK. It is sent as `peer_id`.
        role: role of the receiving peers.
        type: type that the app chooses, such as `chat`.
    """

    message: str
    peer_id: str | None = None
    peerId: str | None = None
    role: str | None = None
    type: str | None = None


class RemovePeers(Model):
    """Peers to disconnect: one peer or all peers of a role. An empty string counts as missing.

    https://www.100ms.live/docs/server-side/v2/api-reference/active-rooms/remove-peers

    Attributes:
        peer_id: id of the peer. Takes precedence over `role`.
        role: role of the peers.
        reason: reason that the peers receive.
    """

    peer_id: str | None = None
    role: str | None = None
    reason: str | None = None

    @model_validator(mode="after")
    def _check_target(self) -> Self:
        if not (self.peer_id or self.role):
            raise rule_error("peer_id", "is required if role is missing")
        return self


class EndRoom(Model):
    """Options for ending a session.

    https://www.100ms.live/docs/server-side/v2/api-reference/active-rooms/end-active-room

    Attributes:
        reason: reason that the peers receive.
        lock: whether the room is also disabled; 100ms's default is false.
    """

    reason: str | None = None
    lock: bool | None = None

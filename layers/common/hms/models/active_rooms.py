"""Active rooms: https://www.100ms.live/docs/server-side/v2/api-reference/active-rooms/overview"""

from typing import Self

from pydantic import model_validator

from hms.models.base import Model, rule_error


class ActivePeerListQuery(Model):
    """Which connected peers a list shows.

    https://www.100ms.live/docs/server-side/v2/api-reference/active-rooms/list-peers

    Attributes:
        user_id: only those that joined with this user id.
        role: only those in this role.
    """

    user_id: str | None = None
    role: str | None = None


class ActivePeerUpdate(Model):
    """Changes of a connected peer.

    https://www.100ms.live/docs/server-side/v2/api-reference/active-rooms/update-a-peer

    Attributes:
        name: name that the others see.
        role: role of the room's template.
        metadata: free text, JSON by convention.
    """

    response_fields = frozenset({"id", "user_id", "joined_at", "tracks"})

    name: str | None = None
    role: str | None = None
    metadata: str | None = None


class ActiveRoomMessage(Model):
    """A message to one peer, to the peers of a role, or to all where neither is named.

    https://www.100ms.live/docs/server-side/v2/api-reference/active-rooms/send-message

    Attributes:
        message: the text.
        peer_id: id of the peer that receives it; takes precedence over `role`.
        peerId: `peer_id` as the official SDK spells it; it is sent as `peer_id`.
        role: the receivers' role.
        type: free label, such as `chat`.
    """

    message: str
    peer_id: str | None = None
    peerId: str | None = None
    role: str | None = None
    type: str | None = None


class RemovePeers(Model):
    """Who is disconnected; an empty text names nobody.

    https://www.100ms.live/docs/server-side/v2/api-reference/active-rooms/remove-peers

    Attributes:
        peer_id: the peer; goes before `role`.
        role: the peers' role.
        reason: what they are told.
    """

    peer_id: str | None = None
    role: str | None = None
    reason: str | None = None

    @model_validator(mode="after")
    def _check_target(self) -> Self:
        if not (self.peer_id or self.role):
            raise rule_error("peer_id", "this or role is required")
        return self


class EndRoom(Model):
    """How the session ends.

    https://www.100ms.live/docs/server-side/v2/api-reference/active-rooms/end-active-room

    Attributes:
        reason: what the peers are told.
        lock: whether the room is disabled as well; 100ms's default is false.
    """

    reason: str | None = None
    lock: bool | None = None

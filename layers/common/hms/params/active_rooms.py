"""The members of the bodies under /active-rooms as keyword arguments, for type checkers only."""

from typing import TypedDict


class ActivePeerUpdateParams(TypedDict, total=False):
    """Members of a `ActivePeerUpdate`."""

    name: str | None
    role: str | None
    metadata: str | None


class ActiveRoomMessageParams(TypedDict, total=False):
    """Members of a `ActiveRoomMessage`."""

    message: str
    peer_id: str | None
    peerId: str | None
    role: str | None
    type: str | None


class RemovePeersParams(TypedDict, total=False):
    """Members of a `RemovePeers`."""

    peer_id: str | None
    role: str | None
    reason: str | None


class EndRoomParams(TypedDict, total=False):
    """Members of a `EndRoom`."""

    reason: str | None
    lock: bool | None

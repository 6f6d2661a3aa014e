"""Keyword arguments for the bodies under /active-rooms. Only type checkers load this module."""

from typing import TypedDict


class ActivePeerUpdateParams(TypedDict, total=False):
    """Members of `ActivePeerUpdate`."""

    name: str | None
    role: str | None
    metadata: str | None


class ActiveRoomMessageParams(TypedDict, total=False):
    """Members of `ActiveRoomMessage`."""

    message: str
    peer_id: str | None
    peerId: str | None
    role: str | None
    type: str | None


class RemovePeersParams(TypedDict, total=False):
    """Members of `RemovePeers`."""

    peer_id: str | None
    role: str | None
    reason: str | None


class EndRoomParams(TypedDict, total=False):
    """Members of `EndRoom`."""

    reason: str | None
    lock: bool | None

"""Limit the peers, publishers and raised hands of a room."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from simulator.errors import Forbidden
from simulator.rooms.state import Room
from simulator.sessions.session import Peer

Json = dict[str, Any]

MAX_SIZE = 2_500
MAX_LARGE_SIZE = 20_000
LARGE_ROOM_LIMIT = 200


def check_size(room: Room, peers: Iterable[Peer]) -> None:
    """Raise Forbidden if the room has its `size` of peers. Bots do not count."""
    # [sessions.full-room] a room without `size` takes as many peers as `size` can be. The status and text of a full
    # room.
    default = MAX_LARGE_SIZE if room.settings.get("large_room") else MAX_SIZE
    if sum(not peer.is_bot for peer in peers) >= room.settings.get("size", default):
        raise Forbidden("room limit reached")


def check_publishers(room: Room, peers: Iterable[Peer], roles: Json, role: str) -> None:
    """Raise Forbidden if another peer with this role exceeds the publishers of a large room."""

    def publishes(name: str) -> bool:
        return bool(roles.get(name, {}).get("publishParams", {}).get("allowed"))

    # [sessions.publishers] a peer publishes if its role can. The status and text of the 201st
    # publisher.
    if publishes(role):
        _check_large_room(room, peers, lambda peer: publishes(peer.role), "publisher limit reached")


def check_raised_hands(room: Room, peers: Iterable[Peer], metadata: str) -> None:
    """Raise Forbidden if another peer with this metadata exceeds the raised hands of a large room."""
    # [sessions.raised-hands] the metadata of a raised hand is that of 100ms's own front end. The
    # status and text of the 201st.
    if _is_hand_raised(metadata):
        _check_large_room(room, peers, lambda peer: _is_hand_raised(peer.metadata), "hand raise limit reached")


def _check_large_room(room: Room, peers: Iterable[Peer], counts: Callable[[Peer], bool], message: str) -> None:
    if room.settings.get("large_room") and sum(map(counts, peers)) >= LARGE_ROOM_LIMIT:
        raise Forbidden(message)


def _is_hand_raised(metadata: str) -> bool:
    if "isHandRaised" not in metadata:
        return False
    try:
        content = json.loads(metadata)
    except (ValueError, RecursionError):
        return False
    return isinstance(content, dict) and content.get("isHandRaised") is True

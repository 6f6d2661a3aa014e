"""Lose the connections of peers, and let them reconnect before 100ms removes them."""

from typing import get_args

from simulator.errors import NotFound
from simulator.sessions.state import REASON_LEFT, LeaveReason, Peer, Sessions
from simulator.store import Store

LEAVE_REASONS: tuple[LeaveReason, ...] = get_args(LeaveReason)
LOST_CONNECTION: tuple[LeaveReason, ...] = ("websocket closed", "ice connection state closed")
RECONNECT_SECONDS = 60


class Connections:
    """The peers whose connection is lost, each with a mark of the loss. 100ms removes them after 60 seconds."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._sessions = store[Sessions]
        self._lost: dict[str, object] = {}

    def end(self, room_id: str, peer_id: str, reason: LeaveReason = REASON_LEFT, message: str = "") -> None:
        """Let a peer leave. A peer with a lost connection stays for 60 seconds. Raises NotFound for other peers."""
        if reason not in LOST_CONNECTION:
            self._lost.pop(peer_id, None)
            self._sessions.leave(room_id, peer_id, reason, message)
            return
        self._sessions.connected(room_id, peer_id)
        if peer_id not in self._lost:
            loss = self._lost[peer_id] = object()
            self._store.clock.call_later(RECONNECT_SECONDS, lambda: self._remove(room_id, peer_id, reason, loss))

    def reconnect(self, room_id: str, peer_id: str) -> Peer | None:
        """Return a peer that is connected again, or None if its connection is not lost. Raises NotFound if it left."""
        peer = self._sessions.connected(room_id, peer_id)
        return None if self._lost.pop(peer_id, None) is None else peer

    def _remove(self, room_id: str, peer_id: str, reason: LeaveReason, loss: object) -> None:
        if self._lost.get(peer_id) is not loss:
            return  # it reconnected or left
        del self._lost[peer_id]
        try:
            self._sessions.connected(room_id, peer_id)
        except NotFound:
            return  # the session ended first
        self._sessions.leave(room_id, peer_id, reason)

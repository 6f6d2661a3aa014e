"""Define sessions and their peers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from simulator.clock import format_timestamp
from simulator.sessions.tracks import Track

Json = dict[str, Any]
PeerType = Literal["regular", "sip"]


@dataclass
class Peer:
    """A participant of a session, or the bot of a recording. Each join creates a new peer.

    `tracks` are the tracks that it publishes, or published until it left.
    """

    id: str
    session_id: str
    name: str
    role: str
    user_id: str
    metadata: str
    joined_at: datetime
    is_bot: bool
    type: PeerType
    has_camera: bool = True
    left_at: datetime | None = None
    tracks: list[Track] = field(default_factory=list)

    def to_dict(self) -> Json:
        """Return the peer as its session shows it, without `left_at` while it is connected."""
        members = {
            "id": self.id,
            "session_id": self.session_id,
            "name": self.name,
            "role": self.role,
            "user_id": self.user_id,
            "joined_at": format_timestamp(self.joined_at),
        }
        return members if self.left_at is None else members | {"left_at": format_timestamp(self.left_at)}


@dataclass
class Session:
    """A session of a room; `peers` has all peers that ever joined, by ID."""

    id: str
    room_id: str
    created_at: datetime
    updated_at: datetime
    ended_at: datetime | None = None
    peers: dict[str, Peer] = field(default_factory=dict)

    @property
    def active(self) -> bool:
        """True until it ends."""
        return self.ended_at is None

    def connected(self) -> Iterator[Peer]:
        """Return the connected peers, including bots."""
        return (peer for peer in self.peers.values() if peer.left_at is None)

    def add(self, peer: Peer, now: datetime) -> None:
        """Add a peer."""
        self.peers[peer.id] = peer
        self.updated_at = now

    def release(self, peer: Peer, now: datetime) -> None:
        """Mark a peer as gone."""
        peer.left_at = self.updated_at = now

    def end(self, now: datetime) -> None:
        """Mark the session as ended."""
        self.ended_at = self.updated_at = now
